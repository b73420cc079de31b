import * as Comlink from 'comlink';
import type {
  ColumnCheck,
  Component,
  Configured,
  Figure,
  Grab,
  LiveChange,
  Palette,
  ParameterTable,
  Placed,
  PointInfo,
  Report,
  Setting,
  Snapshot,
  Swapped,
  TableSummary,
  Tool,
} from '../../pkg/gaussian_playground.js';

/** What the page and its Worker say to each other. */

/** Every setting's value by its name. */
export type Settings = Record<string, string | number | boolean>;

/** An experiment's settings as the fitting core types them, by name. */
export function settingsOf(settings: object): Settings {
  return { ...settings };
}

export type { Component, Grab, LiveChange, ParameterTable, Placed, Report, Snapshot, Swapped };

/** In CSS pixels. */
export interface Size {
  width: number;
  height: number;
  pixelRatio: number;
}

/** What stands behind the ellipses of a small picture. */
export type ThumbnailStyle = 'density' | 'points';

/**
 * A visitor's table as it was given, kept by the page so that a restarted Worker gets it again. A
 * blob, so that the page never has to read through it.
 */
export interface OwnTable {
  source: Blob;
  name: string;
  columns: number[];
  /** The column of the points' weights. */
  weight?: number;
}

/** Numbers row by row, one a column. */
export interface Points {
  columns: string[];
  values: Float64Array;
  /** The column of the points' weights. */
  weight?: number;
}

/** Data of the visitor's own: a table as it was given, or points drawn by hand or by a fit. */
export type OwnData = { table: OwnTable } | { points: Points };

/** One contestant of a race, as links have it: its model by name, and settings. */
export interface LinkedLane {
  model: string;
  settings: Settings;
}

/** What the scores of a race are drawn against. */
export type Against = 'iterations' | 'seconds';

/** What a link says, but for the experiment. */
export interface LinkedState {
  settings: Settings;
  live: LiveChange[];
  placed: Placed[];
  view?: number[];
  points?: Points;
  /** The true Gaussians, where the visitor has moved them. */
  truth?: Placed[];
  /** The line-up to be shown side by side. */
  compare?: string;
  /** The race to be run, and against what its chart is drawn. */
  race?: string;
  lanes?: LinkedLane[];
  against?: Against;
}

/** What a link needs to know beside the settings. */
export interface Traits {
  live: LiveChange[];
  view?: number[];
  /** The true Gaussians, where the visitor has moved them. */
  truth?: Placed[];
}

/** Where a fit was, and to which data and settings that belongs. */
export interface Checkpoint {
  snapshot: Snapshot;
  settings: Settings;
  /** How many tables of the visitor's own had been given. */
  tables: number;
}

/** An attribute of the element. */
export interface Attribute {
  name: string;
  value: string;
}

/** All a Worker needs to stand where the last one stood. */
export interface Start {
  /** Its name in the fitting core. */
  experiment: string;
  /** The settings that it begins with, where they are not those that are usual for the data. */
  beginning: Settings;
  size: Size;
  palette: Palette;
  playing: boolean;
  visible: boolean;
  /** The iteration that it may go to; without one it goes at its own speed. */
  limit?: number;
  settings?: Settings;
  /** The element's attributes, of which those that are settings hold until there are settings in force. */
  attributes: Attribute[];
  /** What a link asks for, until there are settings in force. */
  link?: LinkedState;
  own?: OwnData;
  /** The true Gaussians, where the visitor has moved them. */
  truth?: Placed[];
  tables: number;
  checkpoint?: Checkpoint;
}

export interface Opened {
  schema: Setting[];
  settings: Configured['settings'];
  normal: Configured['normal'];
  /** What a link asked for and did not get, as sentences. */
  notices: string[];
}

/** A change of the points, and the points, which the page keeps for a new Worker. */
export interface Edited {
  configured: Configured;
  own: OwnData | undefined;
  /** The true Gaussians, where the visitor has moved them. */
  truth: Placed[] | undefined;
}

/** One frame's news. */
export interface Update {
  report: Report;
  /** The small figures on the canvas. */
  figures: Figure[];
  playing: boolean;
  /** Milliseconds that this Worker has spent on iterations so far. */
  worked: number;
  checkpoint?: Checkpoint;
}

export interface Listener {
  update(update: Update): void;
  trap(message: string): void;
}

export interface Engine {
  open(
    canvas: OffscreenCanvas,
    module: WebAssembly.Module,
    start: Start,
    listener: Listener,
  ): Promise<Opened>;
  configure(change: Settings): Configured;
  openLink(link: LinkedState): Configured;
  play(): void;
  pause(): void;
  allow(limit: number | undefined): void;
  step(): void;
  stepBack(): void;
  halfStep(): void;
  seek(iteration: number): void;
  reset(): void;
  /** Goes on as fast as it can until the fit stops, in sight or not. */
  finish(): void;
  repair(kind: string, component: number): Configured;
  sample(count: number): Edited;
  moveToWorst(component: number): void;
  swap(one: number, other: number): Swapped;
  shareWeight(one: number, other: number, part: number): void;
  resize(size: Size): void;
  setPalette(palette: Palette): void;
  setVisible(visible: boolean): void;
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  resetView(): void;
  hover(x: number, y: number): Grab | undefined;
  /** Makes the points of a component stand out. */
  lookAt(component: number | undefined): void;
  grab(x: number, y: number, reach: number): Grab | undefined;
  drag(x: number, y: number): void;
  release(): Edited | undefined;
  beginStroke(tool: Tool): void;
  stroke(x: number, y: number, radius: number): void;
  endStroke(): Edited;
  undo(): Edited;
  redo(): Edited;
  traits(): Traits;
  parameters(): ParameterTable;
  points(): Points;
  picture(): Promise<Blob>;
  componentsAt(iteration: number): Component[];
  thumbnail(components: Component[], size: Size, style: ThumbnailStyle): ImageBitmap;
  pointAt(x: number, y: number): PointInfo | undefined;
  readTable(source: Blob, name: string): Promise<TableSummary>;
  checkColumns(columns: number[], weight?: number): ColumnCheck;
  useColumns(columns: number[], weight: number | undefined, tables: number): Configured;
}

/** The stable code of an error that the fitting core raised on purpose; others are failures. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What mends an error at the press of a button, where the core knows. */
export interface ErrorFix {
  label: string;
  change: Settings;
}

export function errorFix(error: unknown): ErrorFix | undefined {
  if (typeof error !== 'object' || error === null || !('fix' in error)) return undefined;
  return error.fix as ErrorFix;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Comlink carries an error's message and name but drops `code` and `fix`; this carries them too. */
export function carryErrorCodes(): void {
  const handler = Comlink.transferHandlers.get('throw');
  if (!handler) return;
  const serialize = handler.serialize.bind(handler);
  handler.serialize = (thrown: unknown) => {
    const [message, transfers] = serialize(thrown);
    const error = (thrown as { value?: unknown }).value;
    const code = errorCode(error);
    const wire = message as { isError?: boolean; value?: unknown };
    if (code !== undefined && wire.isError && typeof wire.value === 'object') {
      const fix = errorFix(error);
      wire.value = { ...wire.value, code, ...(fix ? { fix } : {}) };
    }
    return [wire, transfers];
  };
}
