import * as Comlink from 'comlink';
import type {
  ColumnCheck,
  Configured,
  Playground,
  PointInfo,
  Report,
  Setting,
  Snapshot,
  TableSummary,
} from '../../pkg/gaussian_playground.js';

/** What the page and its Worker say to each other. */

/** Every setting's value by its name. */
export type Settings = Record<string, string | number | boolean>;

/** An experiment's settings as the fitting core types them, by name. */
export function settingsOf(settings: ReturnType<Playground['settings']>): Settings {
  return { ...settings };
}

export type { Report, Snapshot };

export type Theme = 'light' | 'dark';

/** In CSS pixels. */
export interface Size {
  width: number;
  height: number;
  pixelRatio: number;
}

/**
 * A visitor's table as it was given, kept by the page so that a restarted Worker gets it again. A
 * blob, so that the page never has to read through it.
 */
export interface OwnTable {
  source: Blob;
  name: string;
  columns: number[];
}

/** Where a fit was, and to which data and settings that belongs. */
export interface Checkpoint {
  snapshot: Snapshot;
  settings: Settings;
  /** How many tables of the visitor's own had been given. */
  tables: number;
}

/** All a Worker needs to stand where the last one stood. */
export interface Start {
  experiment: string;
  size: Size;
  theme: Theme;
  playing: boolean;
  visible: boolean;
  settings?: Settings;
  own?: OwnTable;
  tables: number;
  checkpoint?: Checkpoint;
}

export interface Opened {
  schema: Setting[];
  settings: Configured['settings'];
  normal: Configured['normal'];
}

/** One frame's news. */
export interface Update {
  report: Report;
  playing: boolean;
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
  begin(change: Settings): Configured;
  play(): void;
  pause(): void;
  step(): void;
  reset(): void;
  moveToWorst(component: number): void;
  resize(size: Size): void;
  setTheme(theme: Theme): void;
  setVisible(visible: boolean): void;
  pointAt(x: number, y: number): PointInfo | undefined;
  readTable(source: Blob, name: string): Promise<TableSummary>;
  checkColumns(columns: number[]): ColumnCheck;
  useColumns(columns: number[], tables: number): Configured;
}

/** The stable code of an error that the fitting core raised on purpose; others are failures. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Comlink carries an error's message and name but drops `code`; this carries it too. */
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
      wire.value = { ...wire.value, code };
    }
    return [wire, transfers];
  };
}
