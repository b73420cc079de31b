import { bayesianFormula } from '../formulas/bayesian.ts';
import { jumpsTo } from './jump.ts';
import type { Experiment } from './types.ts';

const name = 'bayesian-mixture';
const to = jumpsTo(name);

/** Solved, not sampled. */
const ascent = { method: 'coordinate-ascent' };
/** One more than there are clusters, from a start at which two share one. */
const four = { ...ascent, components: 4, seed: 1 };
/** Each cluster's own prior mean: lower left, right, upper left. */
const placed = { priorMeans: '-2,-4,2,0,-2,4', priorScale: 0.01 };

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
  parts: ['point-colours', 'labels', 'overlap'],
  tries: [
    to(
      'Sampled and coordinate ascent, side by side: 1,000 epochs stop short',
      {},
      {
        compare: 'methods',
      },
    ),
    to('Coordinate ascent: the optimum in a few passes', ascent),
    to('Four for three clusters: two share one, and their weights can trade', four),
  ],
  article: {
    formula: bayesianFormula,
    sections: [
      {
        heading: 'What to look at',
        paragraphs: [
          'Thick ellipses are the Gaussians at the posterior means, at one and two σ; their density is what the source plots. The thin ones are forty Gaussians drawn from the posterior of each: where they spread, the fit is not sure.',
          [
            'The small pictures are live; press one and it becomes the large one. ',
            to('Each mean, magnified until its ± is seen', { figure: 'means' }),
            '; ',
            to('each σ, which starts at its prior', { figure: 'deviations' }),
            ' and should end far narrower; ',
            to('the negative ELBO with its four parts', { figure: 'bound' }),
            '.',
          ],
          '“Log-likelihood at the means” is that of the one mixture that is drawn. The negative ELBO takes the mean over all mixtures that the posterior holds possible. Near the optimum most of those explain the points worse than the one in their middle: the wider the posterior, the more the two differ.',
        ],
      },
      {
        heading: 'What goes wrong, and why',
        paragraphs: [
          [
            'It stops far from the optimum. A step of Adam moves each parameter by about the learning rate, and the shapes and rates of the σ, which begin near 5, belong near 500. After 6,000 steps of 0.001 they have hardly moved. ',
            to('A rate of 0.05 gets further in a fifth of the epochs', {
              learningRate: 0.05,
              epochs: 200,
            }),
            '; ',
            to('solved for, each σ is known to two hundredths', {
              ...ascent,
              figure: 'deviations',
            }),
            '.',
          ],
          [
            'Parameters that must be positive turn negative, since a step down a slope does not know that. ',
            to('As the source has it, too fast: a parameter turns negative', {
              learningRate: 0.05,
              positivity: 'free',
            }),
            '. Raised to 10⁻⁶ after each step, as here, or trained through ',
            to('softplus, the same rate goes on to the end', {
              learningRate: 0.05,
              epochs: 200,
              positivity: 'softplus',
            }),
            '.',
          ],
          [
            'Labels mean nothing. Swap two, under Labels, and no number changes. An order fixes which is which: ',
            to('number 1 is the one furthest left', { ...ascent, ordering: 'x' }),
            '. So do priors that differ: ',
            to('each is kept at its own prior mean, number 2 at the right', {
              ...ascent,
              ...placed,
            }),
            '; a swap is then no longer free. Such a prior has to be as strong as the points: at a scale of 1 the start still decides.',
          ],
          [
            'Weights trade. Where two lie in one place, what one gives up the other has, and the density hardly changes: move the slider under “Two that overlap”. ',
            to(
              'From another start the fourth takes no share: two points’ worth, which its prior is',
              {
                ...four,
                seed: 2,
              },
            ),
            '. The posterior of the weights, one Dirichlet for all, cannot say that of two only the sum is known.',
          ],
          [
            'Noise stays. Each step sees 500 points with one draw for each, so the curve never settles. ',
            to(
              'Batches of 50 for 100 epochs: as many steps, a tenth of the work, and further off',
              {
                batchSize: 50,
                epochs: 100,
              },
            ),
            '.',
          ],
        ],
      },
    ],
    source:
      'After “Bayesian Gaussian mixture modeling with stochastic variational inference” with TensorFlow Probability, 2019; Bishop 2006, section 10.2.',
  },
};
