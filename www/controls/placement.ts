import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';

/** Where controls go. The schema says all that this needs to know. */

/** `under` is below the canvas: what is looked at there, and not only whether it is. */
export type Place = 'lead' | 'more' | 'under' | Setting['group'];

export function placeOf(setting: Setting): Place {
  if (setting.lead) return 'lead';
  if (setting.seldom) return 'more';
  if (setting.group === 'view' && setting.kind.type === 'number') return 'under';
  return setting.group;
}

/** Whether a setting matters with the others as they are. */
export function isShown({ only }: Setting, settings: Settings): boolean {
  return !only || only.values.includes(String(settings[only.setting]));
}
