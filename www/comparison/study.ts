import type { ComparisonCell, ComparisonPlan, Setting } from '../../pkg/gaussian_playground.js';
import { Pool, workersHere } from '../engine/pool.ts';
import { type Report, type Settings, settingsOf } from '../engine/protocol.ts';
import type { Job, Speed } from '../engine/runner-protocol.ts';

/** What came of one fit. */
export interface Result {
  test: number;
  train: number;
  /** True Gaussians that were found, of so many. */
  found: number;
  truth: number;
  iterations: number;
  seconds: number;
  state: Report['state'];
  /** Why its error is none that could be averaged, as a sentence; empty where it is. */
  failure: string;
}

/** A comparison that was started: its plan and what came of each cell so far. */
export interface Course {
  plan: ComparisonPlan;
  workers: number;
  /** In the order of the plan's cells. */
  results: (Result | undefined)[];
  state: 'running' | 'paused' | 'over' | 'cancelled';
}

/** The fits are of one experiment, whatever the cell. */
const experiment = 'sum-of-gaussians';
/** Milliseconds of fitting from which the time is estimated, for each of two sizes. */
const trial = 250;
/** Milliseconds between two questions of how far the fits are. */
const askInterval = 1000;

const jobOf = ({ change }: ComparisonCell): Job => ({ experiment, settings: change });

/** Iterations of a fit that runs to its end: its pairs tell its epochs. */
function iterationsOf(cell: ComparisonCell, plan: ComparisonPlan): number {
  const points = Number(cell.change.points ?? plan.settings.points);
  const batch = Number(cell.change.batchSize ?? plan.settings.batchSize);
  const epochs = cell.pairs / (points * cell.components);
  return epochs * Math.ceil(points / batch);
}

function resultOf({ report, milliseconds }: { report: Report; milliseconds: number }): Result {
  const { objective, measures, recovered, iteration, state, message } = report;
  const test = measures.find(({ name }) => name === 'test')?.value ?? Number.NaN;
  const failure =
    state === 'failed' ? message : Number.isFinite(test) ? '' : 'Its test error is not finite.';
  return {
    test,
    train: objective.value,
    found: recovered.filter(({ status }) => status === 'found').length,
    truth: recovered.length,
    iterations: iteration,
    seconds: milliseconds / 1000,
    state,
    failure,
  };
}

/** What a fit came to that could not be run. */
function broken(failure: string): Result {
  const none = Number.NaN;
  return {
    ...{ test: none, train: none, found: 0, truth: 0, iterations: 0, seconds: none },
    state: 'failed',
    failure,
  };
}

/** Milliseconds that a fit takes: between two sizes that were tried the time grows evenly. */
class Cost {
  readonly #few: number;
  readonly #many: number;
  readonly #speeds: [Speed, Speed];

  constructor(few: number, many: number, speeds: [Speed, Speed]) {
    this.#few = few;
    this.#many = many;
    this.#speeds = speeds;
  }

  of(cell: ComparisonCell, plan: ComparisonPlan): number {
    const [few, many] = this.#speeds;
    const span = this.#many - this.#few;
    const part = span > 0 ? (cell.components - this.#few) / span : 0;
    const between = (a: number, b: number): number => a + (b - a) * part;
    return (
      between(few.setup, many.setup) +
      between(few.iteration, many.iteration) * iterationsOf(cell, plan)
    );
  }
}

/**
 * The comparison of a page. It outlives the board that shows it, so it goes on while another
 * experiment is shown.
 */
export class Study {
  readonly #pool = new Pool();
  readonly #listeners = new Set<() => void>();
  #opening: Promise<void> | undefined;
  #schema: Setting[] = [];
  #plan: ComparisonPlan | undefined;
  #course: Course | undefined;
  #run: Promise<void> = Promise.resolve();
  /** By what it depends on, so that nothing is measured twice. */
  readonly #costs = new Map<string, Cost>();
  #measuring = false;
  #ran = 0;
  #since: number | undefined;
  #iterations = new Map<number, number>();

  /** Calls back on every change until the signal aborts. */
  watch(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Gets the settings' table; what there is already stays. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      // The next who asks tries again.
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    this.#schema = await this.#pool.ask((remote) => remote.comparisonSchema());
  }

  /** Every setting, in the page's order. */
  get schema(): Setting[] {
    return this.#schema;
  }

  /** What would be run with the settings as they are; `undefined` until something has been planned. */
  get planned(): ComparisonPlan | undefined {
    return this.#plan;
  }

  /** The comparison that was started last. */
  get course(): Course | undefined {
    return this.#course;
  }

  /** Whether the results are those of other settings than the present ones. */
  get outdated(): boolean {
    const [then, now] = [this.#course?.plan.settings, this.#plan?.settings];
    return then !== undefined && now !== undefined && JSON.stringify(then) !== JSON.stringify(now);
  }

  /** Plans anew, with these settings in place of the defaults. */
  async plan(settings: Settings): Promise<ComparisonPlan> {
    const plan = await this.#pool.ask((remote) => remote.comparisonPlan(settings));
    this.#plan = plan;
    this.#tell();
    void this.#measure();
    return plan;
  }

  async change(change: Settings): Promise<ComparisonPlan> {
    return this.plan({ ...settingsOf(this.#plan?.settings ?? {}), ...change });
  }

  #costKey({ cells }: ComparisonPlan): string {
    const [first] = cells;
    const sizes = cells.map(({ components }) => components);
    return [
      first?.change.points,
      first?.change.batchSize,
      Math.min(...sizes),
      Math.max(...sizes),
    ].join();
  }

  /** Tries the smallest and the largest fit, unless that was done or the processor is at work. */
  async #measure(): Promise<void> {
    if (this.#measuring) return;
    this.#measuring = true;
    for (;;) {
      const plan = this.#plan;
      const cells = [...(plan?.cells ?? [])].sort((a, b) => a.components - b.components);
      const [few, many] = [cells[0], cells.at(-1)];
      if (!plan || !few || !many || this.#costs.has(this.#costKey(plan)) || this.#active) break;
      try {
        const speed = (cell: ComparisonCell): Promise<Speed> =>
          this.#pool.ask((remote) => remote.measure(jobOf(cell), trial));
        const fast = await speed(few);
        const slow = many.components > few.components ? await speed(many) : fast;
        const cost = new Cost(few.components, many.components, [fast, slow]);
        this.#costs.set(this.#costKey(plan), cost);
        this.#tell();
      } catch {
        // Without an estimate the comparison can be run all the same.
        break;
      }
    }
    this.#measuring = false;
  }

  get #active(): boolean {
    return this.#course?.state === 'running' || this.#course?.state === 'paused';
  }

  /** Seconds that what is planned will take; `undefined` until that has been measured. */
  get estimate(): number | undefined {
    const plan = this.#plan;
    return plan && this.#estimate(plan);
  }

  #estimate(plan: ComparisonPlan): number | undefined {
    const cost = this.#costs.get(this.#costKey(plan));
    if (!cost) return undefined;
    const each = plan.cells.map((cell) => cost.of(cell, plan));
    const total = each.reduce((sum, one) => sum + one, 0);
    const workers = Math.min(workersHere(), plan.cells.length);
    // No sooner than the longest fit alone.
    return Math.max(total / workers, ...each) / 1000;
  }

  /** How much of the work is done, 0 to 1. */
  get progress(): number {
    const course = this.#course;
    if (!course) return 0;
    const { plan, results } = course;
    const cost = this.#costs.get(this.#costKey(plan));
    let done = 0;
    let all = 0;
    plan.cells.forEach((cell, index) => {
      const work = cost?.of(cell, plan) ?? cell.pairs;
      all += work;
      if (results[index]) done += work;
      else {
        const part = (this.#iterations.get(index) ?? 0) / iterationsOf(cell, plan);
        done += work * Math.min(1, part);
      }
    });
    return all > 0 ? done / all : 0;
  }

  /** Seconds that it ran. */
  get seconds(): number {
    const now = this.#since === undefined ? 0 : performance.now() - this.#since;
    return (this.#ran + now) / 1000;
  }

  /** Seconds until it is over, from how it went so far. */
  get remaining(): number | undefined {
    const { progress, seconds } = this;
    if (progress > 0.02 && seconds > 1) return (seconds * (1 - progress)) / progress;
    const estimate = this.#course && this.#estimate(this.#course.plan);
    return estimate === undefined ? undefined : Math.max(0, estimate - seconds);
  }

  /** Runs what is planned; what was run before is forgotten. */
  async start(): Promise<void> {
    this.cancel();
    await this.#run;
    const plan = this.#plan;
    if (!plan) return;
    const course: Course = {
      plan,
      workers: Math.min(workersHere(), plan.cells.length),
      results: plan.cells.map(() => undefined),
      state: 'running',
    };
    this.#course = course;
    this.#iterations.clear();
    this.#ran = 0;
    this.#since = performance.now();
    const timer = setInterval(() => void this.#ask(), askInterval);
    this.#run = this.#pool
      .run(plan.cells.map(jobOf), course.workers, {
        begun: () => {},
        ended: (index, outcome) => this.#keep(course, index, resultOf(outcome)),
        failed: (index, sentence) => this.#keep(course, index, broken(sentence)),
      })
      .then(() => {
        clearInterval(timer);
        this.#stopClock();
        if (course.state !== 'cancelled') course.state = 'over';
        this.#iterations.clear();
        this.#tell();
        void this.#measure();
      });
    this.#tell();
  }

  #keep(course: Course, index: number, result: Result): void {
    course.results[index] = result;
    this.#iterations.delete(index);
    this.#tell();
  }

  async #ask(): Promise<void> {
    if (this.#course?.state !== 'running') return;
    try {
      const iterations = await this.#pool.iterations();
      if (!this.#active) return;
      this.#iterations = iterations;
      this.#tell();
    } catch {
      // Only the progress between two results is missing then.
    }
  }

  #stopClock(): void {
    if (this.#since !== undefined) this.#ran += performance.now() - this.#since;
    this.#since = undefined;
  }

  pause(): void {
    if (this.#course?.state !== 'running') return;
    this.#course.state = 'paused';
    this.#stopClock();
    this.#pool.pause();
    this.#tell();
  }

  resume(): void {
    if (this.#course?.state !== 'paused') return;
    this.#course.state = 'running';
    this.#since = performance.now();
    this.#pool.resume();
    this.#tell();
  }

  /** Ends it; the results so far stay. */
  cancel(): void {
    if (!this.#course || !this.#active) return;
    this.#course.state = 'cancelled';
    this.#stopClock();
    this.#pool.cancel();
    this.#tell();
  }
}

let study: Study | undefined;

/** The one of this page. */
export function studyOfPage(): Study {
  study ??= new Study();
  return study;
}
