import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'bayesian-mixture';
const to = jumpsTo(name);

export const bayesianMixture: Experiment = {
  name,
  core: name,
  start: {},
  hidden: [],
  title: 'Bayesian mixture',
  tab: 'Bayesian mixture',
  lede: 'Three clusters, and a distribution over where their centres may be. Each step draws one guess for each point.',
  shortLede: 'Not three centres, but where they may be.',
  summary: ['method'],
  further: 'weight',
  learned: 'Components',
  parts: ['point-colours'],
  tries: [
    to('Coordinate ascent: the same answer in a few passes', { method: 'coordinate-ascent' }),
    to('Six for three clusters', { components: 6, method: 'coordinate-ascent' }),
    to('As the source has it, too fast: a parameter turns negative', {
      learningRate: 0.05,
      positivity: 'free',
    }),
  ],
  article: {
    sections: [
      {
        heading: 'What happens',
        paragraphs: [
          'What is fitted is not one mixture but a distribution over mixtures: Normal for the means, Gamma for the precisions, Dirichlet for the weights. The curve is the negative evidence lower bound, a likelihood and three distances to the prior.',
          'The sampled fit follows noisy slopes; coordinate ascent solves for one distribution at a time and is at the optimum in a few passes.',
        ],
      },
    ],
    source:
      'After a post on stochastic variational inference with TensorFlow Probability, 2019; Bishop 2006, section 10.2.',
  },
};
