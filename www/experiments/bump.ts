import { bumpFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'bump';
const to = jumpsTo(name);
const sweep = jumpsTo('bump-sweep');

const fast = { speed: 10_001 };
/** Inputs beyond ±1 and a σ above 1, with targets that end where the bump does. */
const wide = { ...fast, range: 2, trueSigma: 1.5, target: 'corrected' };

export const bump: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'Bump layer',
  tab: 'Bump layer',
  lede: 'A bump that ends: exactly 0 beyond its edge. Can a layer learn how wide it is? Five attempts, and a Gaussian.',
  shortLede: 'Can a layer learn where its bump ends?',
  summary: ['optimizer'],
  further: 'target',
  learned: 'Widths',
  tries: [
    to('The answer’s example: three of five learn σ = 0.5', fast),
    to('Points up to ±1: a branch that nobody takes stops one form', { ...fast, range: 1 }),
    to('Least squares up to ±4: σ = 2 in a few steps', {
      range: 4,
      trueSigma: 2,
      target: 'corrected',
      optimizer: 'levenberg-marquardt',
      speed: 5,
    }),
  ],
  beside: {
    heading: 'Sweep',
    words: [
      'The same layer for 99 widths, one after the other: ',
      sweep('learned σ against true σ'),
      '.',
    ],
    picture: 'bump-sweep',
  },
  article: {
    formula: bumpFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Six panels, one batch for all. Grey is the bump behind the data, the colour is what the form has learned. Below it is ∂f/∂σ, the slope that learning walks on; where that is 0 or infinite nothing is learned.',
          'The lines mark ±σ and ±√σ. At ±√σ the exponent divides by 0: coming from inside, f falls to 0; from outside it rises to ∞.',
          [
            'Move σ by hand and see every form at it: ',
            to('σ = 2: between √σ and σ two forms shoot up', { ...wide, lookAt: 2 }),
            '.',
          ],
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'As asked: σ is only compared with x, so f does not change when σ does. ',
            to('Its σ stands where it began', fast),
            '. Not the condition is to blame, but that the formula leaves σ out.',
          ],
          [
            'Single where: both sides are computed before one is chosen. Where the other side is infinite, its gradient is 0 · ∞, which is no number: ',
            to('inputs up to ±1: σ stops near where it began', { ...fast, range: 1 }),
            '.',
          ],
          [
            'Double where puts a harmless input into the side not taken: ',
            to('the same inputs: σ = 0.5 is learned', { ...fast, range: 1, form: 'double-where' }),
            '.',
          ],
          [
            'Two inputs, with σ = 1 and σ = ½. ',
            to('One bump for both: 0.66, which fits neither', {
              ...fast,
              trueSigma: 1,
              features: 2,
            }),
            '; ',
            to('one for each: 1 is learned, and ½ beside it', {
              ...fast,
              trueSigma: 1,
              features: 2,
              perFeature: true,
            }),
            '.',
          ],
        ],
      },
    ],
    questions: [
      {
        question: 'Why do inputs beyond ±1 break it?',
        answer: [
          [
            'As long as σ < 1, √σ is larger than σ and all inputs with |x| < σ lie inside the bump. Above 1 it is the other way round: inputs between √σ and σ pass the test |x| < σ, but σ − x² is negative there, and exp of a large positive number overflows. ',
            to('σ = 1.5, inputs up to ±2: double where stops as soon as its σ passes 1', wide),
            '.',
          ],
        ],
      },
      {
        question: 'What is the fix?',
        answer: [
          [
            'Ask for the bump’s own edge: |x| < √σ. ',
            to('The safe form learns 1.5 on the same data', { ...wide, form: 'safe' }),
            ', and so does the squared one in its own measure: exp(−σ²/(σ² − x²)) ends at |x| = σ, so it ends up at √1.5 = 1.22.',
          ],
        ],
      },
      {
        question: 'And without a fix?',
        answer: [
          [
            'Put a tanh in front: its values stay between −1 and 1, where nothing can overflow. ',
            to('With tanh, inputs up to ±2: double where learns 1.5 too', {
              ...wide,
              tanh: true,
            }),
            '. The layer then sees a squeezed x, and so does the bump behind the data.',
          ],
        ],
      },
      {
        question: 'Why does a large σ need more epochs?',
        answer: [
          [
            'For |x| < 1 and a large σ the bump is nearly flat: ∂f/∂σ is about x²/(eσ²), a hundredth for σ ten times as large. And Adam moves by about its rate, 0.001 a step, so that 8 is 8,000 steps away at the very least. ',
            to('σ = 8 in 3 epochs: it gets little farther than half way', {
              ...fast,
              range: 1,
              trueSigma: 8,
              epochs: 3,
            }),
            '; ',
            to('in 10 epochs it arrives', { ...fast, range: 1, trueSigma: 8, epochs: 10 }),
            '. ',
            sweep('3 epochs for all 99: large ones fall short', { method: 'three' }),
            '.',
          ],
        ],
      },
      {
        question: 'When must made-up data be filtered?',
        answer: [
          [
            'When σ > 1 and inputs reach beyond ±√σ: then the source’s own condition makes targets without bound. ',
            to('Unfiltered: no form learns from them', {
              ...wide,
              target: 'source',
              filterTargets: false,
            }),
            '. ',
            to('Within ±1 there is nothing to filter', {
              ...fast,
              range: 1,
              trueSigma: 1.5,
              filterTargets: false,
            }),
            ': x² < 1 < σ, so the exponent is never positive.',
          ],
        ],
      },
    ],
    source:
      'After the question “Implementing a trainable generalized Bump function layer” and its answers, 2020.',
  },
};
