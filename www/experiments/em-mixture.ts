import { mixtureFormula } from '../formulas/mixture.ts';
import type { Placed } from '../links/link.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'em-mixture';
const to = jumpsTo(name);

const blobs = { dataset: 'three-blobs' };
/** No starting point of this seed is in the lower left blob. */
const unlucky = { ...blobs, seed: 5 };
/** The source's iteration, and when it stops. */
const source = { ...blobs, iteration: 'equal-weights', tolerance: 1e-5 };
const galaxies = { dataset: 'galaxies', components: 3 };
/** Gaussians so narrow at the start that single precision does not reach the next blob. */
const narrow = { ...blobs, initialVariance: 0.1 };
/** Where all three start in the upper blob. */
const together: Placed[] = [
  { weight: 1 / 3, mean: [7.2, 7.9], covariance: [0.2, 0, 0, 0.2] },
  { weight: 1 / 3, mean: [7.9, 7.8], covariance: [0.2, 0, 0, 0.2] },
  { weight: 1 / 3, mean: [7.5, 7.0], covariance: [0.2, 0, 0, 0.2] },
];

export const emMixture: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'EM mixture',
  tab: 'EM mixture',
  lede: 'Each point asks which Gaussian it came from. Each Gaussian moves to its points. Repeat.',
  shortLede: 'Which Gaussian did each point come from?',
  summary: ['covarianceType', 'initialization'],
  further: 'weight',
  learned: 'Components',
  parts: ['point-colours', 'restarts', 'choose-k'],
  tries: [
    to('Start all three in one cloud: two stay there', blobs, { placed: together }),
    to('Forget the mixing weights: the blobs are found all the same', source),
    to('Forget them where one group is large: of its 88% it keeps 35%', {
      ...galaxies,
      iteration: 'equal-weights',
    }),
  ],
  article: {
    formula: mixtureFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          '“E recolours”: each point is shared out among the Gaussians, by how likely each would have made it. “M moves”: each Gaussian takes the mean and the spread of its shares. Neither beat ever lowers the likelihood, so the curve only rises. Dashed ellipses are where M goes next.',
          [
            'Point at a point for its shares, and at a Gaussian or its row for its points. ',
            to('Coloured by doubt', { dataset: 'penguins', components: 3, colorBy: 'doubt' }),
            ', only the points between the groups stand out: three Gaussians, close to the three species. On a line the points are counted in bars, under the density and its parts: ',
            to('the galaxies, two small groups beside a large one', galaxies),
            '.',
          ],
          [
            'Which K? More Gaussians are always likelier, so likelihood cannot say. ',
            to('Sixteen on Old Faithful: −3.86 a point, where two have −4.16', {
              dataset: 'old-faithful',
              components: 16,
            }),
            '; but BIC, which counts what they cost, is 2,633 against 2,322. “Choose K” works it out for all: on Old Faithful two with full covariances, or three that share one.',
          ],
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'An unlucky start. EM climbs the nearest hill, not the highest. ',
            to(
              'Two starting points in the upper blob: one Gaussian takes the other two blobs',
              unlucky,
            ),
            '. “Restarts” shows how often that happens. k-means++ picks points far from one another: ',
            to('the same seed with k-means++ finds all three', {
              ...unlucky,
              initialization: 'kmeans++',
            }),
            '.',
          ],
          [
            'A collapse. A Gaussian that has a spot to itself gets narrower and likelier without end. Here a smallest variance holds it: ',
            to('sixteen for 82 galaxies: one collapses onto a single spot', {
              dataset: 'galaxies',
              components: 16,
            }),
            '. Its likelihood says nothing then, and “Choose K” leaves such fits out.',
          ],
          [
            'The source forgets the mixing weights in its E-step, as if all Gaussians had as many points. That is EM as well, for a mixture of equal weights, so it still converges; but a large Gaussian gives up points at its edge to a small one. Where groups are far apart it does not matter. ',
            to('Among the galaxies it does: the large group is cut in three', {
              ...galaxies,
              iteration: 'equal-weights',
            }),
            ', where ',
            to('with their weights one Gaussian has 88% of them', galaxies),
            '. It stops by a value of its own, the mean of ln 𝒩 over points and Gaussians. That is no likelihood: it counts every point for every Gaussian.',
          ],
          [
            'Without logarithms. Far from every Gaussian all densities are rounded to 0, and 0/0 is no share: ',
            to('469 points are lost before the first iteration', { ...narrow, logs: false }),
            '. ',
            to('Double precision reaches further: all three are found', {
              ...narrow,
              logs: false,
              precision: 'double',
            }),
            '. Log-sum-exp needs neither: ',
            to('the same start with logarithms', narrow),
            '.',
          ],
        ],
      },
    ],
    source:
      'Dempster, Laird & Rubin 1977; the three blobs and the iteration without weights are those of “Gaussian Mixture Models in PyTorch”, 2017.',
  },
};
