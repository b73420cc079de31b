import type { Against, LinkedLane, Settings } from '../engine/protocol.ts';
import { type Contestant, corner, modelNamed } from './models.ts';

/** A lane as a race has it: its model by name, its words, and what it has that others do not. */
interface Entry {
  model: string;
  label: string;
  why: string;
  settings?: Settings;
}

/** A race worth a look. */
export interface Preset {
  /** As links have it. */
  name: string;
  /** What the button says. */
  words: string;
  /** What comes out, in a sentence. */
  sentence: string;
  /** What all its contestants have. */
  shared: Settings;
  entries: readonly Entry[];
  /** Those who run where there is no hardware for the others. */
  withoutHardware?: readonly Entry[];
  against: Against;
}

export const presets: readonly Preset[] = [
  {
    name: 'three-ways',
    words: 'EM, gradient, sampled Bayes',
    sentence:
      'Three ways to the same density: EM needs about ten iterations, Adam hundreds for as much, and samples stop on the way.',
    shared: { dataset: 'three-blobs', points: 2000, dataSeed: 3, components: 3 },
    entries: [
      { model: 'em', label: 'EM', why: 'full covariances', settings: { covarianceType: 'full' } },
      {
        model: 'sparse',
        label: 'Gradient',
        why: 'Adam on the same likelihood: sparsity 0',
        settings: { iterations: 1000 },
      },
      {
        model: 'sampled-bayes',
        label: 'Sampled Bayes',
        why: '300 epochs of noisy steps, with priors',
      },
    ],
    against: 'iterations',
  },
  {
    name: 'starts',
    words: 'k-means++, random, worst start',
    sentence:
      'The same EM from three starts: k-means++ is there in five iterations, random points end in a lesser optimum, and centres in one corner never part.',
    shared: { dataset: 'three-blobs', points: 2000, dataSeed: 3, components: 3 },
    entries: [
      {
        model: 'em',
        label: 'k-means++',
        why: 'points far from one another',
        settings: { covarianceType: 'full', initialization: 'kmeans++', seed: 5 },
      },
      {
        model: 'em',
        label: 'Random points',
        why: 'an unlucky draw: seed 5',
        settings: { covarianceType: 'full', initialization: 'points', seed: 5 },
      },
      {
        model: 'em',
        label: 'One corner',
        why: 'all centres in the same place',
        settings: { covarianceType: 'full', [corner]: true },
      },
    ],
    against: 'iterations',
  },
  {
    name: 'optimizers',
    words: 'Adam, SGD, Levenberg–Marquardt',
    sentence:
      'Six Gaussians for a sum of four: least squares is exact in 200 steps, Adam in thousands that cost less each, SGD is not there yet.',
    shared: {
      dataset: 'four-gaussians',
      points: 2000,
      dataSeed: 1,
      trueGaussians: 4,
      components: 6,
    },
    entries: [
      {
        model: 'sum',
        label: 'Adam',
        why: 'rate 0.01, batches of 32',
        settings: { optimizer: 'adam', learningRate: 0.01, seed: 4 },
      },
      {
        model: 'sum',
        label: 'SGD',
        why: 'rate 0.1, batches of 32',
        settings: { optimizer: 'sgd', learningRate: 0.1, seed: 4 },
      },
      {
        model: 'sum',
        label: 'Levenberg–Marquardt',
        why: 'all points in every step',
        settings: { optimizer: 'levenberg-marquardt', seed: 4 },
      },
    ],
    against: 'iterations',
  },
  {
    name: 'cigars',
    words: 'Parallel cigars: how many?',
    sentence:
      'Three thin Gaussians. From the centres of k-means, BIC prefers two to three, since it cuts them across; the best of ten draws of points finds all three, and its BIC is far lower.',
    shared: { dataset: 'parallel-cigars', points: 900, dataSeed: 3, components: 3 },
    entries: [
      {
        model: 'em',
        label: 'k-means, K = 2',
        why: 'what its BIC picks',
        settings: { covarianceType: 'full', initialization: 'kmeans', components: 2 },
      },
      {
        model: 'em',
        label: 'k-means, K = 3',
        why: 'the true number, cut across',
        settings: { covarianceType: 'full', initialization: 'kmeans', components: 3 },
      },
      {
        model: 'em',
        label: 'Points, K = 3',
        why: 'the best of ten starts',
        settings: { covarianceType: 'full', initialization: 'points', nInit: 10, components: 3 },
      },
    ],
    against: 'iterations',
  },
  {
    name: 'processors',
    words: 'CPU against GPU',
    sentence:
      'The same EM on a large spiral, computed twice. Without a graphics processor it is single against double precision.',
    shared: { dataset: 'spiral', points: 50_000, dataSeed: 3, components: 10 },
    entries: [
      { model: 'em', label: 'CPU', why: 'SIMD lanes, one thread', settings: { seed: 2 } },
      {
        model: 'em',
        label: 'GPU',
        why: 'compute shaders',
        settings: { seed: 2, backend: 'gpu' },
      },
    ],
    withoutHardware: [
      {
        model: 'em',
        label: 'Single',
        why: 'four numbers a SIMD step',
        settings: { seed: 2 },
      },
      {
        model: 'em',
        label: 'Double',
        why: 'two numbers a SIMD step',
        settings: { seed: 2, precision: 'double' },
      },
    ],
    against: 'seconds',
  },
];

/** What is shown to those who did not choose. */
export const firstPreset = presets[0] as Preset;

export function presetNamed(name: string | undefined): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}

/** The contestants of a race; without the hardware for them, those in their place. */
export function contestantsOf(preset: Preset, hardware: boolean): Contestant[] {
  const entries = hardware ? preset.entries : (preset.withoutHardware ?? preset.entries);
  return entries.flatMap(({ model, settings = {}, label, why }) => {
    const known = modelNamed(model);
    return known ? [{ model: known, settings, label, why }] : [];
  });
}

/** The contestants that a link asks for, of one kind, and what was wrong with the others. */
export function contestantsOfLink(lanes: readonly LinkedLane[]): {
  contestants: Contestant[];
  notices: string[];
} {
  const notices: string[] = [];
  const known = lanes.flatMap(({ model: name, settings }): Contestant[] => {
    const model = modelNamed(name);
    if (!model) notices.push(`There is no contestant “${name}”; it was left out.`);
    return model ? [{ model, settings }] : [];
  });
  const kind = known[0]?.model.kind;
  const contestants = known.filter(({ model }) => model.kind === kind);
  if (contestants.length < known.length) {
    notices.push(
      'Mixtures and sums of Gaussians have no score in common; only those like the first were taken.',
    );
  }
  return { contestants, notices };
}

/** Why a fit cannot be run on a graphics processor of its own, as a sentence; `undefined` where it can. */
export async function hardwareAbsence(): Promise<string | undefined> {
  interface Adapter {
    info?: { isFallbackAdapter?: boolean };
    isFallbackAdapter?: boolean;
  }
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
  if (!gpu) return 'This browser has no WebGPU.';
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) return 'The browser found no graphics processor that it may use.';
  return (adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter)
    ? 'The only graphics adapter here is a program that imitates one.'
    : undefined;
}
