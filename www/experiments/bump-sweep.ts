import { sweepFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'bump-sweep';
const to = jumpsTo(name);
const bump = jumpsTo('bump');

export const bumpSweep: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  under: 'bump',
  title: 'Bump sweep',
  tab: 'Bump sweep',
  lede: 'The bump layer learns 99 widths, one after the other. Each dot is one of them; on the line it was found.',
  shortLede: 'Ninety-nine widths, one after the other.',
  summary: ['method'],
  further: 'target',
  learned: 'Widths',
  tries: [
    to('As the source has it: all 99 within 0.01'),
    to('Three epochs for all: large σ fall short', { method: 'three' }),
    to('Least squares: all 99, in a few steps each', { method: 'levenberg-marquardt' }),
  ],
  beside: {
    heading: 'One width',
    words: ['All forms of the layer at one σ: ', bump('the bump layer'), '.'],
    picture: 'bump',
  },
  article: {
    formula: sweepFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Across: the true σ, from 0.1 to 9.9. Up: the σ that was learned from 100,000 points between −1 and 1. On the diagonal they agree. The source gives σ below 1 three epochs, below 5 five, and ten above.',
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'For inputs within ±1 a wide bump is nearly flat, and its slope ∂f/∂σ falls as 1/σ². Adam’s steps are at most about 0.001 long: ',
            to('three epochs for all: 31 of 99 are within 0.01', { method: 'three' }),
            '. Least squares divides the slope out and goes straight there: ',
            to('Levenberg–Marquardt: the worst is off by less than 0.001', {
              method: 'levenberg-marquardt',
            }),
            '.',
          ],
          [
            'Inputs stay within ±1 for a reason: ',
            bump('beyond it the layer overflows', {
              range: 2,
              trueSigma: 1.5,
              target: 'corrected',
              speed: 10_001,
            }),
            '.',
          ],
        ],
      },
    ],
    source:
      'After the answers to “Implementing a trainable generalized Bump function layer”, 2020.',
  },
};
