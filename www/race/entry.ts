import type { Against, LinkedState, OwnData, Settings } from '../engine/protocol.ts';
import { type Contestant, type Kind, linkedLane, modelNamed, models } from './models.ts';
import {
  contestantsOf,
  contestantsOfLink,
  firstPreset,
  type Preset,
  presetNamed,
} from './presets.ts';

/** What is to be run: its data and its contestants. */
export interface Entry {
  /** The race that it began as. */
  preset: Preset;
  /** Whether its contestants are still those of that race. */
  same: boolean;
  shared: Settings;
  contestants: Contestant[];
  against: Against;
  notices: string[];
}

/** The data settings that all contestants of a kind share, in the page's order. */
export const sharedNames: Record<Kind, readonly string[]> = {
  mixture: ['dataset', 'points', 'noise', 'dataSeed', 'components'],
  regression: ['dataset', 'points', 'trueGaussians', 'domain', 'noise', 'dataSeed', 'components'],
};

export function kindOf({ contestants }: Pick<Entry, 'contestants'>): Kind {
  return contestants[0]?.model.kind ?? 'mixture';
}

/** A race as its button runs it. */
export function entryOf(preset: Preset, hardware: boolean): Entry {
  return {
    preset,
    same: true,
    shared: { ...preset.shared },
    contestants: contestantsOf(preset, hardware),
    against: preset.against,
    notices: [],
  };
}

/** What a link asks for; the visitor's own data are raced on where it does not say otherwise. */
export function entryOfLink(
  link: LinkedState | undefined,
  own: OwnData | undefined,
  hardware: boolean,
): Entry {
  const { race, lanes, against, settings = {} } = link ?? {};
  const notices: string[] = [];
  const preset = presetNamed(race);
  if (race !== undefined && !preset) {
    notices.push(`There is no race called “${race}”; here is another one.`);
  }
  const entry = entryOf(preset ?? firstPreset, hardware);
  if (lanes) {
    const given = contestantsOfLink(lanes);
    notices.push(...given.notices);
    if (given.contestants.length >= 2) {
      entry.contestants = given.contestants;
      entry.same = false;
      if (kindOf(entry) !== kindOf(entryOf(entry.preset, true))) entry.shared = {};
    } else {
      notices.push('A race needs two contestants; here are others.');
    }
  }
  const known = sharedNames[kindOf(entry)];
  for (const [name, value] of Object.entries(settings)) {
    if (name === 'dataset' && value !== entry.shared.dataset) {
      // Another set has other numbers of points of its own.
      delete entry.shared.points;
    }
  }
  for (const [name, value] of Object.entries(settings)) {
    if (known.includes(name)) entry.shared[name] = value;
    else
      notices.push(
        `“${name}” in the link was ignored: it is no setting that all contestants share.`,
      );
  }
  if (own && !('dataset' in settings) && race === undefined && kindOf(entry) === 'mixture') {
    entry.shared = { dataset: 'own', components: entry.shared.components ?? 3 };
  }
  if (against) entry.against = against;
  entry.notices = notices;
  return entry;
}

/** What a link to it says: the race's name, and what is different. */
export function linkOfEntry({
  preset,
  same,
  shared,
  contestants,
  against,
}: Entry): Pick<LinkedState, 'settings' | 'race' | 'lanes' | 'against'> {
  const usual = same ? preset.shared : {};
  const settings = Object.fromEntries(
    Object.entries(shared).filter(([name, value]) => value !== usual[name]),
  );
  return {
    settings,
    ...(same ? { race: preset.name } : { lanes: contestants.map(linkedLane) }),
    ...(against === (same ? preset.against : 'iterations') ? {} : { against }),
  };
}

/** Contestants to begin with, of another kind. */
export function usualOf(kind: Kind): Contestant[] {
  const seeds = kind === 'mixture' ? [undefined, undefined] : ['adam', 'levenberg-marquardt'];
  const names = kind === 'mixture' ? ['em', 'sparse'] : ['sum', 'sum'];
  return names.flatMap((name, index) => {
    const model = modelNamed(name);
    const optimizer = seeds[index];
    return model ? [{ model, settings: optimizer === undefined ? {} : { optimizer } }] : [];
  });
}

/** One more: a model that does not take part yet, or else another seed of the last. */
export function oneMore(contestants: readonly Contestant[]): Contestant | undefined {
  const last = contestants.at(-1);
  if (!last) return undefined;
  const fresh = models.find(
    ({ kind, name }) =>
      kind === last.model.kind && !contestants.some(({ model }) => model.name === name),
  );
  if (fresh) return { model: fresh, settings: {} };
  const seeds = contestants.map(({ settings }) => Number(settings.seed ?? 0));
  return { model: last.model, settings: { ...last.settings, seed: Math.max(...seeds) + 1 } };
}
