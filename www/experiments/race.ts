import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'race';
const to = jumpsTo(name);

/** Three of each, in turn: the lanes of a race that has no name of its own. */
const em = (settings: Record<string, string | number | boolean>) => ({ model: 'em', settings });

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
      'Old Faithful: EM and coordinate ascent end level',
      { dataset: 'old-faithful', components: 2 },
      {
        lanes: [em({}), { model: 'coordinate-ascent', settings: {} }],
      },
    ),
    to(
      'Restarts pay: the best of ten unlucky draws wins',
      { dataset: 'three-blobs', points: 2000, dataSeed: 3, components: 3 },
      {
        lanes: [
          em({ covarianceType: 'full', seed: 5 }),
          em({ covarianceType: 'full', seed: 5, nInit: 10 }),
        ],
      },
    ),
    to(
      'By seconds: EM is over before the others have begun',
      {},
      { race: 'three-ways', against: 'seconds' },
    ),
  ],
  article: {
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
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          'A likelihood and a squared error have nothing in common, so a mixture never races a sum of Gaussians. A higher likelihood with more Gaussians is no win either: BIC, where there is one, charges for them.',
          'Samples are noisy: a sampled Bayesian fit stops after its epochs, some way short of the optimum, and a line that dips is no fault.',
        ],
      },
    ],
    source: 'The fits are those of the other tabs; each opens alone from its panel.',
  },
};
