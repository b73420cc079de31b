import { sumFormula } from '../formulas.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'two-cities';
const to = jumpsTo(name);

const seen = { showTruth: true };
const leastSquares = { optimizer: 'levenberg-marquardt' };

export const twoCities: Experiment = {
  name,
  core: 'sum-of-gaussians',
  start: { dataset: 'two-cities', showTruth: false },
  hidden: ['dataset'],
  title: 'Two cities',
  tab: 'Two cities',
  lede: 'Ten stores know how many visitors they have, not where those live. Two Gaussians look for the two cities.',
  shortLede: 'Ten stores look for two cities.',
  summary: ['optimizer', 'initialization'],
  further: 'target',
  learned: 'Cities',
  tries: [
    to('Reveal the truth: both cities are found', seen),
    to('Least squares: both to the last digit', { ...seen, ...leastSquares }),
    to('An unlucky start: one of the two finds nobody', { ...seen, seed: 8 }),
  ],
  article: {
    formula: sumFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Each dot is a store: where it is, and how many visitors it has. The dashed curves are the two cities, the full one is their sum. Each city is a centre μ, a size a and a width σ: six numbers from ten.',
          'The truth is hidden until you show it. Drag a store up or down and both cities answer; with the truth shown, drag a city and the stores follow it.',
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'The penalties of the large problem stay on: the smaller city comes out a little too small, 1.49 for 1.56. ',
            to('Without them both are exact', { ...seen, amplitudeL1: 0, spread: 0 }),
            '.',
          ],
          [
            'Six numbers need six stores. ',
            to('Five stores: each is met exactly, and a city is missed', {
              ...seen,
              ...leastSquares,
              points: 5,
              dataSeed: 3,
            }),
            '. An error of 0 on what you know says nothing of what you do not.',
          ],
          [
            'A start far from both cities feels no slope and stays where it is: ',
            to('the unlucky start again, by least squares', { ...seen, ...leastSquares, seed: 8 }),
            ' still finds one city. Another seed finds both.',
          ],
        ],
      },
    ],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
  },
};
