import type { Against, LinkedLane, Settings } from '../engine/protocol.ts';
import {
  type LinkState,
  type LiveChange,
  mostLive,
  mostPoints,
  type Placed,
  type Points,
  type View,
} from './link.ts';

/** All of a running fit that a link may have to say. */
export interface Present {
  experiment: string;
  /** Settings in force now, and those in force when the fit was at iteration 0. */
  settings: Settings;
  starting: Settings;
  /** Those that are usual for the data. */
  normal: Settings;
  /** The data set that the experiment begins with, where that is not the model's own choice. */
  dataset?: Settings[string];
  live: readonly LiveChange[];
  /** Where the components are now; none where the model has no such thing. */
  components: readonly Placed[];
  /** Whether a component was put somewhere by hand since iteration 0. */
  edited: boolean;
  /** The data, where they are the visitor's own; `too-many` for a link where they are. */
  points?: Points | 'too-many';
  /** The true Gaussians, where the visitor has moved them. */
  truth?: readonly Placed[];
  view?: View;
  /** The line-up that is shown side by side. */
  compare?: string;
  /** The race that is run, its contestants where they are others, and what its scores are drawn against. */
  race?: string;
  lanes?: readonly LinkedLane[];
  against?: Against;
}

export interface Share {
  state: LinkState;
  /** What the link does not say and a visitor might expect of it, as sentences. */
  notes: string[];
}

/** What differs from the usual, in its order, and which data these are unless the experiment says so itself. */
function different(settings: Settings, { normal, dataset }: Present): Settings {
  const entries = Object.entries(settings).filter(([name, value]) =>
    name === 'dataset' ? value !== dataset : value !== normal[name],
  );
  return Object.fromEntries(entries);
}

/**
 * The state that a link to this fit carries: its start and what was changed on the way; or, where
 * that cannot be repeated, its present parameters and settings.
 */
export function linkOf(present: Present, reproducible = false): Share {
  const { experiment, live, components, edited, points, truth, view, compare } = present;
  const notes: string[] = [];
  const repeats = !edited && live.length <= mostLive;
  const settings = different(repeats ? present.starting : present.settings, present);
  // Only the processor computes the same bits everywhere.
  if (reproducible && 'backend' in present.settings) settings.backend = 'cpu';
  const state: LinkState = { experiment, settings, live: repeats ? [...live] : [] };
  if (points) {
    if (points !== 'too-many' && points.values.length <= mostPoints * points.columns.length) {
      state.points = points;
    } else {
      delete settings.dataset;
      notes.push(
        `Your data are not in the link: they have more than ${mostPoints} points. It has the settings.`,
      );
    }
  }
  if (!repeats) {
    if (components.length > 0) {
      state.placed = [...components];
      notes.push('The link starts from an edited state: the components as they are now.');
    } else {
      notes.push(
        `The link starts with the present settings: more than ${mostLive} changes on the way are not repeated.`,
      );
    }
  }
  if (truth) state.truth = [...truth];
  if (view) state.view = view;
  if (compare !== undefined) state.compare = compare;
  const { race, lanes, against } = present;
  if (race !== undefined) state.race = race;
  if (lanes) state.lanes = [...lanes];
  if (against) state.against = against;
  return { state, notes };
}
