import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'sparse-mixture';
const to = jumpsTo(name);

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
    to('Sparsity 0: nearly all stay', { sparsity: 0 }),
    to('Sparsity 200: hardly any are left', { sparsity: 200 }),
    to('Lose the line that clears the gradients', { clearGradients: false }),
    to('Three blobs: as many stay as there are', { dataset: 'three-blobs' }),
  ],
  article: {
    sections: [
      {
        heading: 'What happens',
        paragraphs: [
          'The cost is minus the mean log-likelihood plus a price s (Σ √W)² on the weights, and Adam walks down its slope. Spreading the weight over many Gaussians is dear, so those that add little are priced out.',
          'A Gaussian counts as on while its weight is above 0.01.',
        ],
      },
    ],
    source: 'After “Fitting a Gaussian Mixture Model”, a tutorial of KeOps.',
  },
};
