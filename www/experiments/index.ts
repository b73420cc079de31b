import { bayesianMixture } from './bayesian-mixture.ts';
import { bump } from './bump.ts';
import { bumpSweep } from './bump-sweep.ts';
import { comparison } from './comparison.ts';
import { compositions } from './compositions.ts';
import { emMixture } from './em-mixture.ts';
import { race } from './race.ts';
import { sparseMixture } from './sparse-mixture.ts';
import { sumOfGaussians } from './sum-of-gaussians.ts';
import { twoCities } from './two-cities.ts';
import type { Experiment } from './types.ts';

export { addressOf } from './jump.ts';
export type * from './types.ts';

/** In the order of their tabs. */
export const experiments: Experiment[] = [
  sumOfGaussians,
  twoCities,
  compositions,
  comparison,
  bump,
  bumpSweep,
  emMixture,
  sparseMixture,
  bayesianMixture,
  race,
];

/** What is shown to those who did not choose: it converges in seconds. */
const first = emMixture;

/** The experiment of that name, or the one to begin with. */
export function experimentNamed(name: string | null): Experiment {
  return experiments.find((one) => one.name === name) ?? first;
}
