import type { Change } from '../controls/index.ts';
import type { Settings } from '../engine/protocol.ts';
import {
  type Conclude,
  farFromOptimum,
  negativeElbo,
  recovered,
  type Score,
  testError,
} from './scores.ts';

/** What all contenders are fitted to. */
export interface Problem {
  /** Those in force on the board. */
  settings: Settings;
  /** How many Gaussians the targets are made of, where that is known. */
  truth: number | undefined;
}

/** One way of fitting: the board's settings but for a change. */
export interface Contender {
  label: string;
  /** What is different about it, in half a sentence. */
  why: string;
  change: Change | ((problem: Problem) => Change);
}

/** Ways of fitting the same problem that are worth seeing side by side. */
export interface LineUp {
  /** As links have it. */
  name: string;
  /** The experiment of the fitting core that it is for. */
  core: string;
  /** What the button says. */
  words: string;
  contenders: Contender[];
  /** What decides, the first counting most. */
  scores: Score[];
  /** What else can be said once all are over. */
  conclude?: Conclude;
}

/** Data sets that are made of a fixed number of Gaussians. */
const fixed: Record<string, number> = { 'two-cities': 2, compositions: 1 };

/** How many Gaussians the targets of these settings are made of; `known` is what a report says of data by hand. */
export function truthOf(settings: Settings, known: number): number | undefined {
  const { dataset, trueGaussians } = settings;
  // Told by the settings, since a report of data that are just being drawn is still that of the last ones.
  if (dataset === 'four-gaussians' && trueGaussians !== undefined) return Number(trueGaussians);
  return fixed[String(dataset)] ?? (known > 0 ? known : undefined);
}

/** As the source has it, but for its penalties. */
const plain: Change = {
  optimizer: 'adam',
  initialization: 'box',
  amplitudeL1: 0,
  spread: 0,
  pruneEvery: 0,
};

/** Those of the source's example. */
const penalties: Change = { amplitudeL1: 1e-3, spread: 1 };

/** Without a known truth, pruning ends at as many as the board has. */
const wanted = ({ settings, truth }: Problem): number => truth ?? Number(settings.components);

/** Starts with many and has removed those that are too many halfway through the epochs. */
function pruned(components: number): (problem: Problem) => Change {
  return (problem) => {
    const { points, batchSize, epochs } = problem.settings;
    const pruneTo = Math.min(wanted(problem), components);
    const steps = Number(epochs) * Math.ceil(Number(points ?? 0) / Number(batchSize));
    const every = Math.round(steps / 2 / Math.max(1, components - pruneTo));
    // In between the rest need time to take over, but not more than this.
    return { ...plain, components, pruneEvery: Math.min(2000, Math.max(1, every)), pruneTo };
  };
}

const scores = [recovered, testError];
const core = 'sum-of-gaussians';

export const lineUps: LineUp[] = [
  {
    name: 'methods',
    core: 'bayesian-mixture',
    words: 'Sampled and coordinate ascent',
    scores: [negativeElbo],
    conclude: farFromOptimum,
    contenders: [
      { label: 'Sampled', why: 'as the source: noisy slopes, Adam', change: { method: 'sampled' } },
      {
        label: 'Coordinate ascent',
        why: 'one factor after the other, solved',
        change: { method: 'coordinate-ascent' },
      },
    ],
  },
  {
    name: 'five-ways',
    core,
    words: 'Five ways, side by side',
    scores,
    contenders: [
      { label: 'The source’s method', why: 'Adam, no penalties', change: plain },
      {
        label: 'With its regularizers',
        why: 'L1 on amplitudes, and spread',
        change: { ...plain, ...penalties },
      },
      { label: 'Many, then pruned', why: 'from 16 down to the true number', change: pruned(16) },
      {
        label: 'k-means start',
        why: 'centres where the targets are large',
        change: { ...plain, initialization: 'kmeans' },
      },
      {
        label: 'Residual peaks',
        why: 'one by one, Levenberg–Marquardt',
        change: (problem) => ({
          ...plain,
          optimizer: 'residual-peaks',
          components: Math.min(
            32,
            Math.max(Number(problem.settings.components), 2 * wanted(problem)),
          ),
        }),
      },
    ],
  },
  {
    name: 'glorot-or-box',
    core,
    words: 'Centres by Glorot, or in the box',
    scores,
    contenders: [
      {
        label: 'By Glorot',
        why: 'Keras’s default: near the origin',
        change: { optimizer: 'adam', initialization: 'glorot' },
      },
      {
        label: 'In the box',
        why: 'anywhere in the domain',
        change: { optimizer: 'adam', initialization: 'box' },
      },
    ],
  },
  {
    name: 'many-or-pruned',
    core,
    words: 'Many with a strong L1, or pruned',
    scores,
    contenders: [
      {
        label: '24 with a strong L1',
        why: 'the penalty, 0.01, is to switch off those too many',
        change: { ...plain, components: 24, amplitudeL1: 1e-2 },
      },
      { label: '24, then pruned', why: 'down to the true number', change: pruned(24) },
    ],
  },
  {
    name: 'batch',
    core,
    words: 'Batches of 2,048, or of 32',
    scores,
    contenders: [
      {
        label: 'Batches of 2,048',
        why: 'the authors’ script: few, exact steps',
        change: { optimizer: 'adam', batchSize: 2048 },
      },
      {
        label: 'Batches of 32',
        why: 'Keras’s default: many, noisy steps',
        change: { optimizer: 'adam', batchSize: 32 },
      },
    ],
  },
];

/** Those for an experiment; one that only shares its core with others has the first. */
export function lineUpsFor({ name, core }: { name: string; core: string }): LineUp[] {
  const all = lineUps.filter((lineUp) => lineUp.core === core);
  return name === core ? all : all.slice(0, 1);
}

/** The settings of every contender. */
export function settingsOfContenders({ contenders }: LineUp, problem: Problem): Settings[] {
  return contenders.map(({ change }) => ({
    ...problem.settings,
    ...(typeof change === 'function' ? change(problem) : change),
  }));
}
