import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Client } from '../engine/client.ts';
import type { Points, Report, Settings } from '../engine/protocol.ts';

/** What fits in the background are made of. */
export interface Problem {
  /** The settings of data, model and fit. */
  settings: Settings;
  /** The same for the same data and settings, but for those that the fits differ in. */
  key: string;
}

/** The problem of the page's fit, but for the settings that are to be varied. */
export function problemOf(
  schema: readonly Setting[],
  all: Settings,
  varied: readonly string[],
  client: Client,
): Problem {
  const counts = ({ name, group }: Setting): boolean =>
    group !== 'view' && group !== 'transport' && name !== 'backend' && !varied.includes(name);
  const settings: Settings = {};
  for (const setting of schema.filter(counts)) {
    const value = all[setting.name];
    if (value !== undefined) settings[setting.name] = value;
  }
  const version = all.dataset === 'own' ? client.ownVersion : 0;
  return { settings, key: JSON.stringify([settings, version]) };
}

/** The points for background fits: only the visitor's own have to be sent. */
export async function pointsFor(
  { settings }: Problem,
  client: Client,
): Promise<{ points?: Points }> {
  return settings.dataset === 'own' ? { points: await client.points() } : {};
}

/** Why a fit that has ended is left out, as a sentence; empty where it is not. */
export function leftOut({ state, message, components }: Report): string {
  if (state === 'failed') return message;
  return components.some(({ status }) => status === 'collapsed')
    ? 'A Gaussian collapsed onto a spot, where the likelihood has no bound.'
    : '';
}
