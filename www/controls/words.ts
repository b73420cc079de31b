import type { Setting } from '../../pkg/gaussian_playground.js';
import { parseNumber, short } from '../format.ts';

/** Values that read better as words than as numbers, by the setting's name. */
const zeroMeans: Record<string, string> = {
  tolerance: 'never',
  initialVariance: 'from the data',
  minimumVariance: 'automatic',
};
const fastest = 'as fast as it goes';

/** What a numeric setting's value is called. */
export function say(setting: Setting, value: number): string {
  if (setting.name === 'speed') {
    const last = setting.kind.type === 'integer' ? setting.kind.max : Number.POSITIVE_INFINITY;
    return value >= last ? fastest : `${short(value)} ${setting.unit}`;
  }
  if (setting.kind.type === 'number' && setting.kind.zero && value === 0) {
    return zeroMeans[setting.name] ?? 'off';
  }
  if (setting.kind.type === 'seed') return String(value);
  return short(value);
}

/** The same value as it is typed. */
export function spell(value: number): string {
  return String(value).replace('-', '\u2212').replace('e\u2212', 'e-');
}

/** Reads what was typed: a number, or the word that stands for one. */
export function hear(setting: Setting, text: string): number | undefined {
  const words = text.trim().toLowerCase();
  if (words === (zeroMeans[setting.name] ?? 'off')) return 0;
  if (words === fastest && setting.kind.type === 'integer') return setting.kind.max;
  const value = parseNumber(words.replace(setting.unit, ''));
  if (value === undefined) return undefined;
  return setting.kind.type === 'number' ? value : Math.round(value);
}

/** The label of a choice's option. */
export function optionLabel(setting: Setting | undefined, value: string): string {
  if (setting?.kind.type !== 'choice') return value;
  return setting.kind.options.find((option) => option.value === value)?.label ?? value;
}
