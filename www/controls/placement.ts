import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';

/** Where controls go. The schema says all that this needs to know. */

/**
 * `under` is below the canvas: what is looked at there, and not only whether it is. `part` is in a
 * part of the experiment, which says more about it than a control has room for.
 */
export type Place = 'lead' | 'more' | 'under' | 'part' | Setting['group'];

/** The settings that parts have controls for. */
const ofParts = ['colorBy'];

export function placeOf(setting: Setting): Place {
  if (ofParts.includes(setting.name)) return 'part';
  if (setting.lead) return 'lead';
  if (setting.seldom) return 'more';
  if (setting.group === 'view' && setting.kind.type === 'number') return 'under';
  return setting.group;
}

/** Whether a setting matters with the others as they are. */
export function isShown({ only }: Setting, settings: Settings): boolean {
  return !only || only.values.includes(String(settings[only.setting]));
}
