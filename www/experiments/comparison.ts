import { penaltiesFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'comparison';
const to = jumpsTo(name);
const sum = jumpsTo('sum-of-gaussians');

/** The size of the quick grid, up to eight Gaussians. */
const small = { size: 'custom', mostComponents: 8, dataSets: 1, starts: 1, epochs: 200 };

export const comparison: Experiment = {
  name,
  core: name,
  board: 'comparison',
  start: {},
  hidden: [],
  title: 'Comparison',
  tab: 'Comparison',
  lede: 'How many Gaussians should you allow, and do the penalties help? Many small fits give an answer.',
  shortLede: 'How many Gaussians, and do penalties help?',
  summary: ['size'],
  further: 'target',
  learned: 'Results',
  tries: [
    to('The quick grid: 16 Gaussians do better than the true 4', { size: 'quick' }),
    to('A hundredth of the L1: its curve comes down to the others', {
      ...small,
      amplitudeL1: 0.001,
    }),
    sum('One of its fits, live: 16 under a strong L1 stay far off', {
      components: 16,
      batchSize: 2048,
      epochs: 200,
      amplitudeL1: 0.1,
      spread: 0,
    }),
  ],
  article: {
    formula: penaltiesFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Across: how many Gaussians may be used. Up: the mean squared error on points that no fit has seen. Each curve is one choice of penalties; each dot the mean over data sets and starts, with its standard deviation.',
          'The quick grid is made for seconds: 200 epochs of five steps. The full one is the authors’: 1,000 epochs, eight data sets, four starts.',
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'Four Gaussians should do for four. They do not, since a start finds four hills only by luck; more of them have more luck, and the error goes on falling beyond the true number. ',
            sum('Without luck: residual peaks find four with four', {
              components: 4,
              optimizer: 'residual-peaks',
            }),
            '.',
          ],
          [
            'L1 of 0.1 pulls at every amplitude, needed or not, so its curves stay high. ',
            to('With no penalty at all on two sizes: all four curves are one', {
              ...small,
              mostComponents: 4,
              amplitudeL1: 0,
              spread: 0,
            }),
            '.',
          ],
          [
            'Spread hardly shows: in 1,000 steps of 0.001 no centre gets farther than about one unit. ',
            sum('Batches of 32 make 313 steps an epoch: centres travel', {
              figure: 'centres',
              epochs: 200,
            }),
            '.',
          ],
        ],
      },
    ],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
