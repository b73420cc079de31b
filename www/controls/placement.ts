import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';

/** Where controls go. What they are comes from the schema; this only arranges them. */

export type Place = 'lead' | 'data' | 'model' | 'fit' | 'more' | 'transport';

/** Good defaults, seldom touched. */
const seldom = new Set([
  'maxIterations',
  'initialVariance',
  'minimumVariance',
  'regularization',
  'precision',
]);

export function placeOf(setting: Setting): Place {
  if (setting.lead) return 'lead';
  if (seldom.has(setting.name)) return 'more';
  return setting.group;
}

/** Data sets that are drawn at random, so that a seed says which. */
const generated = new Set<Settings['dataset']>(['three-blobs']);

export function isShown(name: string, settings: Settings): boolean {
  return name !== 'dataSeed' || generated.has(settings.dataset);
}

/** What a data set suggests along with itself. */
export const suggested = [
  'components',
  'covarianceType',
  'initialization',
  'iteration',
  'initialVariance',
  'minimumVariance',
  'regularization',
] as const;
