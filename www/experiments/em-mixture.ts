import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'em-mixture';
const to = jumpsTo(name);

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
    to('Galaxies: two small groups beside a large one', { dataset: 'galaxies', components: 3 }),
    to('An unlucky start: one takes two blobs, two share the third', {
      dataset: 'three-blobs',
      seed: 5,
    }),
    to('Forget the mixing weights: the blobs are found all the same', {
      dataset: 'three-blobs',
      iteration: 'equal-weights',
    }),
    to('Penguins: three Gaussians, close to the three species', {
      dataset: 'penguins',
      components: 3,
    }),
    to('Sixteen on Old Faithful: likelier, but worse by BIC', {
      dataset: 'old-faithful',
      components: 16,
    }),
  ],
  article: {
    sections: [
      {
        heading: 'What happens',
        paragraphs: [
          'E: each point is shared out among the Gaussians, by how likely each would have made it. M: each Gaussian takes the mean and the spread of its shares. Neither beat ever lowers the likelihood, so the curve only rises.',
          'Where it ends depends on where it starts. Points in mixed colours are shared, and half-and-half turns grey.',
        ],
      },
    ],
    source:
      'Dempster, Laird & Rubin 1977; the three blobs are those of “Gaussian Mixture Models in PyTorch”, 2017.',
  },
};
