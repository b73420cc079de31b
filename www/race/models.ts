import type { Setting } from '../../pkg/gaussian_playground.js';
import { isShown } from '../controls/placement.ts';
import { optionLabel, say } from '../controls/words.ts';
import type { LinkedLane, Settings } from '../engine/protocol.ts';
import { short } from '../format.ts';

/** What is fitted: densities to points, or sums to targets. Their scores are no comparison to each other. */
export type Kind = 'mixture' | 'regression';

/** A way of fitting that can take part in a race. */
export interface Model {
  /** As links have it. */
  name: string;
  kind: Kind;
  words: string;
  /** Its experiment in the fitting core. */
  experiment: string;
  /** What makes it this way and no other one of its experiment. */
  fixed: Settings;
  /** What it takes part with, where that is not what its experiment begins with. */
  usual: Settings;
  /** The settings that a visitor may change, in this order; their controls are those of the experiment. */
  choices: readonly string[];
  /** Those of them that say most about it. */
  said: readonly string[];
}

/** Steps of the sampled method that a race has time for: the source's 1,000 epochs take minutes. */
const shortSampling = { epochs: 300, learningRate: 0.01 };

export const models: readonly Model[] = [
  {
    name: 'em',
    kind: 'mixture',
    words: 'EM',
    experiment: 'em-mixture',
    fixed: {},
    usual: {},
    choices: [
      'components',
      'covarianceType',
      'initialization',
      'seed',
      'nInit',
      'iteration',
      'tolerance',
      'backend',
      'precision',
    ],
    said: ['covarianceType', 'initialization', 'seed'],
  },
  {
    name: 'sparse',
    kind: 'mixture',
    words: 'Gradient',
    experiment: 'sparse-mixture',
    fixed: {},
    usual: { sparsity: 0 },
    choices: [
      'components',
      'sparsity',
      'optimizer',
      'learningRate',
      'iterations',
      'seed',
      'backend',
      'precision',
    ],
    said: ['optimizer', 'learningRate', 'iterations'],
  },
  {
    name: 'sampled-bayes',
    kind: 'mixture',
    words: 'Sampled Bayes',
    experiment: 'bayesian-mixture',
    fixed: { method: 'sampled' },
    usual: shortSampling,
    choices: ['components', 'learningRate', 'batchSize', 'epochs', 'positivity', 'seed'],
    said: ['learningRate', 'epochs', 'seed'],
  },
  {
    name: 'coordinate-ascent',
    kind: 'mixture',
    words: 'Coordinate ascent',
    experiment: 'bayesian-mixture',
    fixed: { method: 'coordinate-ascent' },
    usual: {},
    choices: ['components', 'tolerance', 'priorConcentration', 'seed', 'precision'],
    said: ['priorConcentration', 'seed'],
  },
  {
    name: 'sum',
    kind: 'regression',
    words: 'Sum of Gaussians',
    experiment: 'sum-of-gaussians',
    fixed: {},
    usual: { amplitudeL1: 0, spread: 0, epochs: 200, learningRate: 0.01 },
    choices: [
      'components',
      'optimizer',
      'initialization',
      'learningRate',
      'batchSize',
      'epochs',
      'amplitudeL1',
      'spread',
      'seed',
      'backend',
      'precision',
    ],
    said: ['initialization', 'learningRate', 'seed'],
  },
];

export function modelNamed(name: string): Model | undefined {
  return models.find((model) => model.name === name);
}

/** A lane's own word for a start that no experiment offers: all centres in the same corner of the data. */
export const corner = 'corner';

/** A contestant: a model, and what it has that others do not. */
export interface Contestant {
  model: Model;
  /** Its own settings, `corner` among them; the rest is shared. */
  settings: Settings;
  /** Where a race names its contestants. */
  label?: string;
  /** What is different about it, in half a sentence. */
  why?: string;
}

/** The settings of a contestant's fit. Races are run on the processor, unless they are about what else there is. */
export function settingsOfContestant({ model, settings }: Contestant, shared: Settings): Settings {
  const { [corner]: _, ...own } = settings;
  return {
    ...(model.choices.includes('backend') ? { backend: 'cpu' } : {}),
    ...shared,
    ...model.usual,
    ...own,
    ...model.fixed,
  };
}

export function linkedLane({ model, settings }: Contestant): LinkedLane {
  return { model: model.name, settings };
}

/** What is worth knowing about a contestant, in half a sentence, by the settings in force. */
export function whyOf(
  { model, why, settings: own }: Contestant,
  schema: readonly Setting[],
  settings: Settings,
): string {
  if (why !== undefined) return why;
  const start = own[corner] === true ? ['all in one corner'] : [];
  const words = model.said.flatMap((name) => {
    const setting = schema.find((one) => one.name === name);
    const value = settings[name];
    if (!setting || value === undefined || !isShown(setting, settings)) return [];
    const said =
      typeof value === 'number' ? say(setting, value) : optionLabel(setting, String(value));
    return [`${setting.label.toLowerCase()} ${said}`];
  });
  return [...start, ...words].join(', ');
}

/** What tells contestants of the same model apart, the first counting most. */
const telling: Record<string, (value: string) => string> = {
  optimizer: (value) => value,
  initialization: (value) => value,
  covarianceType: (value) => value,
  components: (value) => `K = ${value}`,
  nInit: (value) => `${value} starts`,
  learningRate: (value) => `rate ${short(Number(value))}`,
  batchSize: (value) => `batches of ${value}`,
  precision: (value) => value,
  backend: (value) => value,
  seed: (value) => `seed ${value}`,
};
/** More of them make no name. */
const mostWords = 2;

/** The names of contestants that a race has none for: what they are, and what tells them apart. */
export function labelsOf(
  contestants: readonly Contestant[],
  schemas: readonly (readonly Setting[] | undefined)[],
): string[] {
  const differs = (one: Contestant, name: string): boolean =>
    contestants.some(
      ({ model, settings }) => model === one.model && settings[name] !== one.settings[name],
    );
  const labels = contestants.map((one, index) => {
    const { model, label, settings } = one;
    if (label !== undefined) return label;
    const details = Object.entries(telling).flatMap(([name, words]) => {
      const value = settings[name];
      if (value === undefined || !differs(one, name)) return [];
      const setting = schemas[index]?.find((candidate) => candidate.name === name);
      return [words(optionLabel(setting, String(value)))];
    });
    const start = settings[corner] === true ? ['one corner'] : [];
    const stem = model.kind === 'regression' && details.length > 0 ? [] : [model.words];
    return [...stem, ...start, ...details].slice(0, stem.length + mostWords).join(', ');
  });
  return labels.map((label, index) => {
    const before = labels.slice(0, index).filter((other) => other === label).length;
    const twins = labels.filter((other) => other === label).length;
    return twins > 1 ? `${label} (${before + 1})` : label;
  });
}
