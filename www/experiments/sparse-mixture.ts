import { sparseFormula } from '../formulas/sparse-mixture.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'sparse-mixture';
const to = jumpsTo(name);

/** The tutorial's published text, which has lost a line. */
const lost = { clearGradients: false };

export const sparseMixture: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'Sparse mixture',
  tab: 'Sparse mixture',
  lede: 'Thirty Gaussians try to cover a spiral. A price on each weight switches off those it can do without.',
  shortLede: 'A price on each weight switches Gaussians off.',
  summary: ['optimizer'],
  further: 'weight',
  learned: 'Components',
  parts: ['moments', 'weight-bars'],
  tries: [
    to('Sparsity 0: ten stay', { sparsity: 0 }),
    to('Sparsity 200: one is left', { sparsity: 200 }),
    to('Lose the line that clears the gradients: it swings ever wider and breaks', lost),
  ],
  article: {
    formula: sparseFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Red is the density, from none to its most, as in the tutorial. The lines are steps of its logarithm, 41 between minus and plus the largest: where they crowd, the density falls steeply. Small crosses are components that are off: their weight is below 0.01.',
          'The cost is the sum of two curves. The dashed one is the price of the weights: with thirty equal ones it is s/30 · √30, with one alone s/30. The grey one says how badly the points are covered. What the price gains by switching one off, the other loses.',
          [
            'Sparsity moves the bargain while the fit runs. ',
            to('At 5 six stay', { sparsity: 5 }),
            ', ',
            to('at 60 two', { sparsity: 60 }),
            '. Why they do not come back: the slope of √W is the steeper the smaller W is, so a weight that has begun to fall falls on.',
          ],
          [
            'It needs no spiral. ',
            to('Three blobs: three of thirty stay', { dataset: 'three-blobs' }),
            '.',
          ],
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          'The lost line. PyTorch adds every gradient to those before until it is told to clear them, and the tutorial’s published text no longer tells it. Each step then follows the sum of all gradients so far. A sum turns round only when the new ones outweigh all the old, so the fit runs past every valley, farther each time, until a weight is 0, where √W has no slope that is a number. The switch “Clear gradients” takes the line away.',
          [
            'Steps that are too long. ',
            to('Five times the rate: one is left, though five would cost less', {
              learningRate: 0.5,
            }),
            '. The first steps throw weights so low that they cannot return. ',
            to('A tenth of the rate: four, and after 500 steps still on its way down', {
              learningRate: 0.01,
            }),
            '.',
          ],
          [
            'Determinants near 0. The tutorial’s code takes the determinant of A Aᵀ as a difference of two products. Of a long thin Gaussian few of its digits are left, it may come out as 0 or less, and the logarithm of that is no number. Here it is the square of the determinant of A. A can still run away: ',
            to(
              'plain descent at a rate of 1: after iteration 70 a factor’s gradient is no number',
              {
                optimizer: 'sgd',
                learningRate: 1,
              },
            ),
            '.',
          ],
          [
            'A sparsity that is too high leaves one Gaussian for everything: at 200 the second would cost more than it could ever gain.',
          ],
          [
            'Valleys beside the lowest one. Where it ends hangs on where it starts. ',
            to('Seed 13: four, and cheaper', { seed: 13 }),
            '; ',
            to('seed 46: three, and dearer', { seed: 46 }),
            '.',
          ],
        ],
      },
    ],
    questions: [
      {
        question: 'Why not start with five?',
        answer: [
          [
            'The price is s/M · Σ √W: with five instead of thirty the same s is six times as dear. ',
            to('Five from the start: one is left', { components: 5 }),
            '.',
          ],
        ],
      },
      {
        question: 'Why is the tutorial’s cost lower?',
        answer: [
          [
            'Its code puts half of A Aᵀ in place of the precision, and so leaves out ln π in the plane, 1.14. ',
            to('With its constant: −1.52 at the end', { constant: 'tutorial' }),
            ' instead of −0.38. That part of the cost, − log-likelihood, is lower by as much, and no step changes.',
          ],
        ],
      },
    ],
    source:
      'After “Fitting a Gaussian Mixture Model”, a tutorial of KeOps. Moments are those of its pictures.',
  },
};
