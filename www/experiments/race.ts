import type { LinkedLane, Settings } from '../engine/protocol.ts';
import { raceFormula } from '../formulas/race.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'race';
const to = jumpsTo(name);

const em = (settings: Settings): LinkedLane => ({ model: 'em', settings });
const blobs = { dataset: 'three-blobs', points: 2000, dataSeed: 3, components: 3 };

export const race: Experiment = {
  name,
  core: name,
  board: 'race',
  start: {},
  hidden: [],
  title: 'Race',
  tab: 'Race',
  lede: 'Two to four fits on the same data, at the same time. One score says who is ahead.',
  shortLede: 'Fits on the same data, one score.',
  summary: [],
  further: 'weight',
  learned: 'Contestants',
  tries: [
    to(
      'Old Faithful: tilted ellipses beat those along the axes',
      { dataset: 'old-faithful', components: 2 },
      {
        lanes: [
          em({}),
          em({ covarianceType: 'diagonal' }),
          { model: 'coordinate-ascent', settings: {} },
        ],
      },
    ),
    to('Ten starts instead of one: the unlucky draw is mended', blobs, {
      lanes: [
        em({ covarianceType: 'full', seed: 5 }),
        em({ covarianceType: 'full', seed: 5, nInit: 10 }),
      ],
    }),
    to(
      'By seconds: EM is over when the others have hardly begun',
      {},
      { race: 'three-ways', against: 'seconds' },
    ),
  ],
  article: {
    formula: raceFormula,
    sections: [
      {
        heading: 'What is compared',
        paragraphs: [
          'Mixtures by the mean log-likelihood a point, in the units of the data: of EM what it raises, of the sparse mixture the cost without its penalty, of the Bayesian one the density at the posterior means. Sums of Gaussians by the squared error on points that are held back.',
          'All see the same points from the same data seed, on the processor: the same race ends with the same scores and iterations, to the last bit. Only the seconds differ.',
        ],
      },
      {
        heading: 'What to look at',
        paragraphs: [
          'In step, everyone does the same number of iterations: the chart says who gets more out of each. Against seconds everyone goes as fast as it can: a cheap step may beat a clever one.',
          [
            'A step is not a second: ',
            to(
              'Least squares against Adam and SGD, by seconds',
              {},
              { race: 'optimizers', against: 'seconds' },
            ),
            ' takes the fewest steps, and each of them costs the most.',
          ],
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'A score can be good for the wrong reason: centres that start in one place get the same share of each point, so they stay together for ever, and EM says “converged”. ',
            to('Three starts: one corner ends where one Gaussian would', {}, { race: 'starts' }),
            '.',
          ],
          'A likelihood and a squared error have nothing in common, so a mixture never races a sum of Gaussians. A higher likelihood with more Gaussians is no win either: BIC, where there is one, charges for them.',
          'Samples are noisy: a sampled Bayesian fit stops after its epochs, some way short of the optimum, and a line that dips is no fault.',
        ],
      },
    ],
    source: 'The fits are those of the other tabs; each opens alone from its panel.',
  },
};
