import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Change } from '../controls/index.ts';
import type { Client } from '../engine/client.ts';
import type { Report, Settings } from '../engine/protocol.ts';
import type { Colours } from '../theme.ts';
import { ChooseK } from './choose-k.ts';
import { makeLabels } from './labels.ts';
import { Moments } from './moments.ts';
import { makeOverlap } from './overlap.ts';
import { PointColours } from './point-colours.ts';
import { Restarts } from './restarts.ts';
import { WeightBars } from './weight-bars.ts';

/** What a part of a board knows of it, and may ask of it. */
export interface PartContext {
  client: Client;
  colours: Colours;
  schema(): readonly Setting[];
  /** Changes settings as their controls would, and says what came of it. */
  change(change: Change): Promise<void>;
  /** Says something in the line above the canvas. */
  tell(sentence: string): void;
  /** Calls back whenever the colours of the page have changed. */
  recoloured(listener: () => void): void;
  /** Aborts when the board ends. */
  signal: AbortSignal;
}

/** Something that only some experiments have beside the canvas. */
export interface Part {
  /** A section with its heading. */
  readonly element: HTMLElement;
  /** Below the data, below the components, or instead of their table, which stays within reach. */
  readonly place: 'left' | 'right' | 'instead';
  /** Follows the fit: at most once a frame. */
  show(report: Report, settings: Settings): void;
}

/** The parts that there are, by the names that experiments have for them. */
const makers = {
  'choose-k': (context) => new ChooseK(context),
  labels: makeLabels,
  moments: (context) => new Moments(context),
  overlap: makeOverlap,
  'point-colours': (context) => new PointColours(context),
  restarts: (context) => new Restarts(context),
  'weight-bars': () => new WeightBars(),
} satisfies Record<string, (context: PartContext) => Part>;

export type PartName = keyof typeof makers;

export function makeParts(names: readonly PartName[], context: PartContext): Part[] {
  return names.map((name) => {
    const make: (context: PartContext) => Part = makers[name];
    return make(context);
  });
}
