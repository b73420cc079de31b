import { sumFormula } from '../formulas.ts';
import type { Placed } from '../links/link.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'sum-of-gaussians';
const to = jumpsTo(name);

/** With none of the source's penalties. */
const free = { amplitudeL1: 0, spread: 0 };
/** Σ as the source first has it: trained as it is. */
const naive = { factorShape: 'covariance' };
/** Hills far apart, and all centres in the middle. */
const middle = { domain: 20, initialization: 'glorot' };
/** A problem of the source's kind, with one Gaussian too narrow for most starts. */
const narrow = { dataSeed: 16 };
/** The true Gaussians of that problem, the narrow one wider. */
const widened: Placed[] = [
  { weight: 4.21, mean: [-0.67, 1.65], covariance: [23.67, 3.5, 3.5, 1] },
  { weight: 2.22, mean: [-3.89, 5.08], covariance: [1.38, 1.28, 1.28, 13.52] },
  { weight: 0.67, mean: [5.77, -2.82], covariance: [7.02, 2.72, 2.72, 3.8] },
  { weight: 2.4, mean: [0.54, -0.39], covariance: [3, 2, 2, 3] },
];
/** One with a Gaussian in the shadow of two others. */
const shadowed = { dataSeed: 24 };
/** One with two that are shared. */
const shared = { dataSeed: 19 };

export const sumOfGaussians: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'Sum of Gaussians',
  tab: 'Sum of Gaussians',
  lede: 'Four Gaussians make a landscape. Six others, knowing only its height at 10,000 points, try to find them.',
  shortLede: 'Six Gaussians look for four by height alone.',
  summary: ['optimizer', 'initialization'],
  further: 'target',
  learned: 'Components',
  tries: [
    to('Five ways, side by side: residual peaks find all four', narrow, {
      compare: 'five-ways',
    }),
    to('Residual peaks: all four, one after another', {
      optimizer: 'residual-peaks',
      components: 8,
      speed: 5,
    }),
    to('Start with 16 and prune: the four that stay are the right ones', {
      ...shadowed,
      ...free,
      components: 16,
      pruneEvery: 2000,
      pruneTo: 4,
    }),
  ],
  article: {
    formula: sumFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Dashed ellipses are the true Gaussians, full ones those being learned. Each pair has one colour: the pairs are chosen so that the sum of their differences is smallest. Grey ones have next to no amplitude.',
          [
            'The small pictures are live. Press one and it becomes the large one: ',
            to('the difference from the truth', { figure: 'difference' }),
            ', or ',
            to('the way of every centre', { figure: 'centres' }),
            '.',
          ],
          '“Recovered” counts. Found: the centre within a quarter of the true σ, the amplitude within a fifth. Split: several share it. Missed: neither.',
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'A narrow one is missed. A bell is felt only near by: three σ from the centre its slope is a twentieth of what it is at one. ',
            to('Eight Gaussians, both penalties: three are found, the narrow one is missed', {
              ...narrow,
              components: 8,
            }),
            ', as in the source’s last figure. Across its short axis that one has a σ of 0.1, and one point in eighty lies within two σ of it. ',
            to(
              'Made wider by hand it is found, and now the faint one is missed',
              { ...narrow, components: 8 },
              { truth: widened },
            ),
            ': the one that had found the faint one now feels a nearer hill.',
          ],
          [
            'Two share one hill. ',
            to('Six without penalties: two hills are split between two each', {
              ...shared,
              ...free,
            }),
            ', as in the source’s first figures. The sum is right, its parts are not; nothing in the data says so.',
          ],
          [
            'Σ cannot be trained as it is. A covariance has to be positive definite, and a step down a slope does not know that. ',
            to('From Keras’s random values: it ends before the first step', {
              ...naive,
              optimizer: 'sgd',
              factorStart: 'glorot',
            }),
            '. ',
            to('From the identity, at a rate of 0.01: it ends after about a hundred steps', {
              ...naive,
              learningRate: 0.01,
            }),
            '; the source’s 0.001 may last. Trained as A in A Aᵀ + εI it can be nothing else: ',
            to('the same rate goes on to the end', { learningRate: 0.01 }),
            '.',
          ],
          [
            'Keras starts centres near the origin, where far hills are not felt. ',
            to('Within ±20, without the spread penalty: none of four is found', {
              ...middle,
              dataSeed: 3,
              spread: 0,
            }),
            '. With it they fly apart and meet hills on their way: ',
            to('all four, from the middle', { ...middle, dataSeed: 5, components: 8 }),
            ', where ',
            to('centres all over the box find two', {
              ...middle,
              initialization: 'box',
              dataSeed: 5,
              components: 8,
            }),
            '. So it depends: ',
            to('Glorot and box, side by side', {}, { compare: 'glorot-or-box' }),
            '.',
          ],
          [
            'A strong L1 is no cure for too many: ',
            to('24 with L1 = 0.01: one of four is found', {
              ...narrow,
              components: 24,
              amplitudeL1: 0.01,
            }),
            '. It makes every amplitude smaller, the right ones too, and three thirds cost it as much as one whole. Taking out the one that is missed least does more: ',
            to('strong L1 and pruning, side by side', shadowed, { compare: 'many-or-pruned' }),
            '.',
          ],
          [
            'Large batches make few steps. ',
            to('The authors’ script, batches of 2,048: one of four is found', {
              ...narrow,
              batchSize: 2048,
            }),
            ' after 1,000 epochs, which are 5,000 steps and not 313,000: ',
            to('both batches, side by side', narrow, { compare: 'batch' }),
            '.',
          ],
          [
            'Least squares sees all points at once and cures much of this, though not an unlucky start: ',
            to('six by Levenberg–Marquardt: the narrow one is found as well', {
              ...narrow,
              optimizer: 'levenberg-marquardt',
            }),
            '.',
          ],
        ],
      },
    ],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
