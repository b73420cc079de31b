import type { Change } from './controls/index.ts';
import type { Further } from './data/columns-dialog.ts';

/** What a link under "Try" starts: the defaults but for these settings. */
export interface Try {
  words: string;
  change: Change;
}

/** The words of an experiment; its data, controls and numbers come from the fitting core. */
export interface Experiment {
  name: string;
  /** What shows it, where it is not one fit on a canvas. */
  board?: 'comparison';
  title: string;
  /** The tab's label where the title is too long. */
  tab: string;
  /** Two short sentences, checkable on the canvas. */
  lede: string;
  /** One short one, for phones. */
  shortLede: string;
  /** The settings that a closed drawer tells. */
  summary: string[];
  /** What a further column of the visitor's own data stands for. */
  further: Further;
  /** What the numbers that it learns are headed by. */
  learned: string;
  /** What happens, for a curious reader: a few short paragraphs. */
  text: string[];
  /** Where it comes from. */
  source: string;
  /** Starting points worth a look; each says what comes out. */
  tries: Try[];
}

export const experiments: Experiment[] = [
  {
    name: 'sum-of-gaussians',
    title: 'Sum of Gaussians',
    tab: 'Sum of Gaussians',
    lede: 'Four Gaussians make a landscape. Six others, knowing only its height at 10,000 points, try to find them.',
    shortLede: 'Six Gaussians look for four by height alone.',
    summary: ['optimizer', 'initialization'],
    further: 'target',
    learned: 'Components',
    text: [
      'The model is a sum of bells: ŷ(x) = Σ a exp(−½ (x − μ)ᵀ Σ⁻¹ (x − μ)). Each step takes a batch of points, compares ŷ with the target and moves every amplitude a, centre μ and shape Σ downhill.',
      'A centre far from a hill feels almost no slope, so it stays where it is; two that start near one hill share it. Penalties on amplitudes and on crowding help, pruning and residual peaks help more.',
    ],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
    tries: [
      {
        words: 'Residual peaks: all four, one after another',
        change: { optimizer: 'residual-peaks', components: 8, speed: 5 },
      },
      {
        words: 'Without penalties: two Gaussians share a hill',
        change: { amplitudeL1: 0, spread: 0 },
      },
      {
        words: 'Start as Keras does: all six in the middle',
        change: { initialization: 'glorot' },
      },
      {
        words: 'Start with 16 and prune down to four',
        change: { components: 16, pruneEvery: 2000, pruneTo: 4, amplitudeL1: 0, spread: 0 },
      },
      {
        words: 'Two cities, from ten stores that know only their totals',
        change: { dataset: 'two-cities' },
      },
      {
        words: 'One hill for two Gaussians: many answers fit',
        change: { dataset: 'compositions' },
      },
    ],
  },
  {
    name: 'comparison',
    board: 'comparison',
    title: 'Comparison',
    tab: 'Comparison',
    lede: 'How many Gaussians should you allow, and do the penalties help? Many small fits give an answer.',
    shortLede: 'How many Gaussians, and do penalties help?',
    summary: ['size'],
    further: 'target',
    learned: 'Results',
    text: [
      'Each fit has 2, 4, 8 or more Gaussians to find the true ones with, under one of four conditions: without penalties, with one on amplitudes, with one on crowding, with both. What counts is the error on points that the fit never saw.',
    ],
    source: 'After “SumOfGaussians layer with Keras 2.0”, Zach Moshe 2019.',
    tries: [],
  },
  {
    name: 'bump',
    title: 'Bump layer',
    tab: 'Bump layer',
    lede: 'A bump that ends: exactly 0 beyond its edge. Can a layer learn how wide it is? Five attempts, and a Gaussian.',
    shortLede: 'Can a layer learn where its bump ends?',
    summary: ['optimizer'],
    further: 'target',
    learned: 'Widths',
    text: [
      'The bump exp(−σ/(σ − x²)) is smooth and exactly 0 from its edge on. What is asked for is σ. A formula is computed on both sides of a condition before one side is chosen, so a side that is never used can still spoil the gradient.',
      'The five curves learn the same data with the five ways of writing that condition.',
    ],
    source:
      'After the question “Implementing a trainable generalized Bump function layer” and its answers, 2020.',
    tries: [
      { words: 'Points up to ±1: one branch is not finite', change: { range: 1 } },
      {
        words: 'σ = 2 on ±4: the answer overflows, the safe form learns',
        change: { range: 4, trueSigma: 2, target: 'corrected' },
      },
      {
        words: 'Least squares: a few steps do',
        change: { optimizer: 'levenberg-marquardt', speed: 5 },
      },
    ],
  },
  {
    name: 'bump-sweep',
    title: 'Bump sweep',
    tab: 'Bump sweep',
    lede: 'The bump layer learns 99 widths, one after the other. Each dot is one of them; on the line it was found.',
    shortLede: 'Ninety-nine widths, one after the other.',
    summary: ['method'],
    further: 'target',
    learned: 'Widths',
    text: [
      'One bump after the other, each with points of its own and a true σ from 0.1 to 9.9. Wide bumps are nearly flat, their gradients small: Adam needs more epochs for them, least squares does not.',
    ],
    source:
      'After the answers to “Implementing a trainable generalized Bump function layer”, 2020.',
    tries: [
      { words: 'Three epochs for all: large σ fall short', change: { method: 'three' } },
      { words: 'Least squares: all in seconds', change: { method: 'levenberg-marquardt' } },
    ],
  },
  {
    name: 'em-mixture',
    title: 'EM mixture',
    tab: 'EM mixture',
    lede: 'Each point asks which Gaussian it came from. Each Gaussian moves to its points. Repeat.',
    shortLede: 'Which Gaussian did each point come from?',
    summary: ['covarianceType', 'initialization'],
    further: 'weight',
    learned: 'Components',
    text: [
      'E: each point is shared out among the Gaussians, by how likely each would have made it. M: each Gaussian takes the mean and the spread of its shares. Neither beat ever lowers the likelihood, so the curve only rises.',
      'Where it ends depends on where it starts. Points in mixed colours are shared, and half-and-half turns grey.',
    ],
    source:
      'Dempster, Laird & Rubin 1977; the three blobs are those of “Gaussian Mixture Models in PyTorch”, 2017.',
    tries: [
      {
        words: 'Galaxies: two small groups beside a large one',
        change: { dataset: 'galaxies', components: 3 },
      },
      {
        words: 'An unlucky start: one takes two blobs, two share the third',
        change: { dataset: 'three-blobs', seed: 5 },
      },
      {
        words: 'Forget the mixing weights: the blobs are found all the same',
        change: { dataset: 'three-blobs', iteration: 'equal-weights' },
      },
      {
        words: 'Penguins: three Gaussians, close to the three species',
        change: { dataset: 'penguins', components: 3 },
      },
      {
        words: 'Sixteen on Old Faithful: likelier, but worse by BIC',
        change: { dataset: 'old-faithful', components: 16 },
      },
    ],
  },
  {
    name: 'sparse-mixture',
    title: 'Sparse mixture',
    tab: 'Sparse mixture',
    lede: 'Thirty Gaussians try to cover a spiral. A price on each weight switches off those it can do without.',
    shortLede: 'A price on each weight switches Gaussians off.',
    summary: ['optimizer'],
    further: 'weight',
    learned: 'Components',
    text: [
      'The cost is minus the mean log-likelihood plus a price s (Σ √W)² on the weights, and Adam walks down its slope. Spreading the weight over many Gaussians is dear, so those that add little are priced out.',
      'A Gaussian counts as on while its weight is above 0.01.',
    ],
    source: 'After “Fitting a Gaussian Mixture Model”, a tutorial of KeOps.',
    tries: [
      { words: 'Sparsity 0: nearly all stay', change: { sparsity: 0 } },
      { words: 'Sparsity 200: hardly any are left', change: { sparsity: 200 } },
      { words: 'Lose the line that clears the gradients', change: { clearGradients: false } },
      { words: 'Three blobs: as many stay as there are', change: { dataset: 'three-blobs' } },
    ],
  },
  {
    name: 'bayesian-mixture',
    title: 'Bayesian mixture',
    tab: 'Bayesian mixture',
    lede: 'Three clusters, and a distribution over where their centres may be. Each step draws one guess for each point.',
    shortLede: 'Not three centres, but where they may be.',
    summary: ['method'],
    further: 'weight',
    learned: 'Components',
    text: [
      'What is fitted is not one mixture but a distribution over mixtures: Normal for the means, Gamma for the precisions, Dirichlet for the weights. The curve is the negative evidence lower bound, a likelihood and three distances to the prior.',
      'The sampled fit follows noisy slopes; coordinate ascent solves for one distribution at a time and is at the optimum in a few passes.',
    ],
    source:
      'After a post on stochastic variational inference with TensorFlow Probability, 2019; Bishop 2006, section 10.2.',
    tries: [
      {
        words: 'Coordinate ascent: the same answer in a few passes',
        change: { method: 'coordinate-ascent' },
      },
      { words: 'Six for three clusters', change: { components: 6, method: 'coordinate-ascent' } },
      {
        words: 'As the source has it, too fast: a parameter turns negative',
        change: { learningRate: 0.05, positivity: 'free' },
      },
    ],
  },
];

/** What is shown to those who did not choose: it converges in seconds. */
const first = 'em-mixture';

/** The experiment of that name, or the one to begin with. */
export function experimentNamed(name: string | null): Experiment {
  const named = (wanted: string | null) => experiments.find((one) => one.name === wanted);
  const found = named(name) ?? named(first);
  if (!found) throw new Error('There are no experiments.');
  return found;
}
