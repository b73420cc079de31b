import { sumFormula } from '../formulas.ts';
import type { Placed } from '../links/link.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'compositions';
const to = jumpsTo(name);

const at = (weight: number, mean: number, variance: number): Placed => ({
  weight,
  mean: [mean],
  covariance: [variance],
});
/** The source's first example: one centre, and amplitudes that are to add up to 1. */
const sameCentre = [at(0.2, 0, 1), at(0.5, 0, 1)];
/** Its second: two centres with the mass and the variance of the one, ½² + ¾ = 1. */
const twoCentres = [at(0.577, -0.5, 0.75), at(0.577, 0.5, 0.75)];

export const compositions: Experiment = {
  name,
  core: 'sum-of-gaussians',
  start: { dataset: 'compositions', amplitudeL1: 0, spread: 0, seed: 30 },
  hidden: ['dataset'],
  title: 'Compositions',
  tab: 'Compositions',
  lede: 'One Gaussian, and two that are to add up to it. Many pairs do, and the data cannot tell which is meant.',
  shortLede: 'One Gaussian, shared by two in many ways.',
  summary: ['optimizer', 'initialization'],
  further: 'target',
  learned: 'Components',
  tries: [
    to('Same centre: 0.2 and 0.5 grow until they make 1', {}, { placed: sameCentre }),
    to('Two centres: side by side they make nearly the same', {}, { placed: twoCentres }),
    to(
      'A little spread: one is pushed out, the other is the whole',
      { spread: 0.01 },
      { placed: twoCentres },
    ),
  ],
  article: {
    formula: sumFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Dashed are two Gaussians, and the full curve is their sum. It is to be the one that made the data: amplitude 1, centre 0, σ 1. The error is 0 for every pair with one centre, one width and amplitudes that sum to 1; that is a whole line of answers.',
          'Penalties are off here. Move their sliders while the fit runs: both act at once.',
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'The source hopes that L1 cancels one of the two. It cannot: ½ + ½ costs as much as 1 + 0. ',
            to(
              'L1 on one centre: both shrink alike, neither goes',
              { amplitudeL1: 0.01 },
              { placed: sameCentre },
            ),
            '; ',
            to(
              'L1 on two centres: they come together and stay two',
              { amplitudeL1: 0.001 },
              { placed: twoCentres },
            ),
            '.',
          ],
          [
            'Spread does tell them apart, since it is small only while the centres are far from each other: ',
            to(
              'spread 0.01 on one centre: one takes all',
              { spread: 0.01 },
              { placed: [at(0.8, 0.1, 1), at(0.3, -0.1, 1)] },
            ),
            '. The other is chased away for good, which costs nothing once its amplitude is 0.',
          ],
          [
            'Too much of it and the penalty outweighs the data: ',
            to(
              'spread 1, the source’s: both are chased away',
              { spread: 1 },
              { placed: twoCentres },
            ),
            '. To miss the Gaussian altogether costs 0.11 here; with the source’s wide hills it costs several times that, so the same 1 does less harm there.',
          ],
        ],
      },
    ],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
