import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';

/** Where controls go. The schema says all that this needs to know. */

export type Place = 'lead' | 'more' | Setting['group'];

export function placeOf(setting: Setting): Place {
  if (setting.lead) return 'lead';
  if (setting.seldom) return 'more';
  // The switches of the view are on the canvas; what has more values needs the room of a control.
  if (setting.group === 'view' && setting.kind.type !== 'switch') return 'model';
  return setting.group;
}

/** Whether a setting matters with the others as they are. */
export function isShown({ only }: Setting, settings: Settings): boolean {
  return !only || only.values.includes(String(settings[only.setting]));
}
