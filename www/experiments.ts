import type { Change } from './controls/index.ts';

/** What a link under "Try" starts: the defaults but for these settings. */
export interface Try {
  words: string;
  change: Change;
}

/** The words of an experiment; its data, controls and numbers come from the fitting core. */
export interface Experiment {
  name: string;
  title: string;
  /** The tab's label where the title is too long. */
  tab: string;
  /** Two short sentences, checkable on the canvas. */
  lede: string;
  /** One short one, for phones. */
  shortLede: string;
  /** The settings that a closed drawer tells. */
  summary: string[];
  /** Whether it takes data of the visitor's own; most do. */
  ownData?: boolean;
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
    name: 'bump',
    title: 'Bump layer',
    tab: 'Bump layer',
    lede: 'A bump that ends: exactly 0 beyond its edge. Can a layer learn how wide it is? Five attempts, and a Gaussian.',
    shortLede: 'Can a layer learn where its bump ends?',
    summary: ['optimizer'],
    ownData: false,
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
    ownData: false,
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
