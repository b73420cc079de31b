import { Pool, workersHere } from '../../engine/pool.ts';
import type { Points, Report, Settings } from '../../engine/protocol.ts';
import { leftOut } from '../background.ts';

export const criteria = ['bic', 'aic'] as const;
export type Criterion = (typeof criteria)[number];

/** A number of components with a shape of covariance. */
export interface Size {
  components: number;
  covarianceType: string;
}

/** What the best of its starts came to. */
export interface Fitted extends Record<Criterion, number> {
  /** Why it does not count, as a sentence; empty where it does. */
  reason: string;
}

export interface Cell extends Size {
  fitted: Fitted | undefined;
}

/** The numbers of components that are tried: 1 to this. */
export const mostComponents = 12;

export interface Task {
  experiment: string;
  settings: Settings;
  points?: Points;
  /** How many points there are. */
  count: number;
  restarts: number;
}

const measureOf = ({ measures }: Report, name: string): number =>
  measures.find((measure) => measure.name === name)?.value ?? Number.NaN;

/** Fits every number of components in every shape, in Workers of its own. */
export class KStudy {
  readonly #types: readonly string[];
  readonly #changed: () => void;
  #pool: Pool | undefined;
  #cells: Cell[] = [];
  #state: 'none' | 'running' | 'over' | 'cancelled' = 'none';
  #since = 0;

  constructor(types: readonly string[], changed: () => void) {
    this.#types = types;
    this.#changed = changed;
  }

  get cells(): readonly Cell[] {
    return this.#cells;
  }

  get state(): 'none' | 'running' | 'over' | 'cancelled' {
    return this.#state;
  }

  /** Forgets everything and begins. */
  start({ experiment, settings, points, count, restarts }: Task): void {
    this.cancel();
    const sizes = Array.from({ length: mostComponents }, (_, index) => index + 1);
    const cells: Cell[] = sizes.flatMap((components) =>
      this.#types.map((covarianceType) => ({ components, covarianceType, fitted: undefined })),
    );
    // Nobody need try what cannot be.
    const reason = 'There are fewer points than Gaussians.';
    const none = { bic: Number.NaN, aic: Number.NaN };
    for (const cell of cells) if (cell.components > count) cell.fitted = { ...none, reason };
    const tried = cells.filter(({ fitted }) => fitted === undefined);
    const jobs = tried.map(({ components, covarianceType }) => ({
      experiment,
      settings: { ...settings, components, covarianceType, nInit: restarts },
      ...(points ? { points } : {}),
    }));
    const pool = new Pool();
    this.#pool = pool;
    this.#cells = cells;
    this.#state = 'running';
    this.#since = performance.now();
    const keep = (index: number, fitted: Fitted): void => {
      const cell = tried[index];
      if (cell) cell.fitted = fitted;
      this.#changed();
    };
    // One core stays for the fit that is watched.
    void pool
      .run(jobs, Math.max(1, workersHere() - 1), {
        begun: () => {},
        ended: (index, { report }) =>
          keep(index, {
            bic: measureOf(report, 'bic'),
            aic: measureOf(report, 'aic'),
            reason: leftOut(report),
          }),
        failed: (index, sentence) => keep(index, { ...none, reason: sentence }),
      })
      .then(() => {
        pool.end();
        if (this.#pool !== pool) return;
        this.#pool = undefined;
        this.#state = 'over';
        this.#changed();
      });
    this.#changed();
  }

  /** Ends it; what there is stays. */
  cancel(): void {
    const pool = this.#pool;
    if (!pool) return;
    this.#pool = undefined;
    this.#state = 'cancelled';
    pool.end();
    this.#changed();
  }

  /** How much of the work is done, 0 to 1: a fit takes the longer the more components it has. */
  get progress(): number {
    const work = (cells: readonly Cell[]): number =>
      cells.reduce((sum, { components }) => sum + components, 0);
    const all = work(this.#cells);
    return all > 0 ? work(this.#cells.filter(({ fitted }) => fitted)) / all : 0;
  }

  /** Seconds still to go; `undefined` until that can be told. */
  get remaining(): number | undefined {
    const { progress } = this;
    const seconds = (performance.now() - this.#since) / 1000;
    return progress > 0.05 && seconds > 1 ? (seconds * (1 - progress)) / progress : undefined;
  }
}

/** A cell that counts. */
export type Counted = Cell & { fitted: Fitted };

export function counted(cells: readonly Cell[]): Counted[] {
  return cells.filter(
    (cell): cell is Counted => cell.fitted !== undefined && cell.fitted.reason === '',
  );
}

/** The cell that a criterion picks. */
export function pick(cells: readonly Cell[], criterion: Criterion): Counted | undefined {
  let best: Counted | undefined;
  for (const cell of counted(cells)) {
    if (!best || cell.fitted[criterion] < best.fitted[criterion]) best = cell;
  }
  return best;
}
