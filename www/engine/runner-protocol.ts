import type { ComparisonPlan, Setting } from '../../pkg/gaussian_playground.js';
import type { Points, Report, Settings } from './protocol.ts';

/** What the page and a Worker of its pool say to each other. */

/** A fit from its start to its end. */
export interface Job {
  experiment: string;
  settings: Settings;
  /** The visitor's own data, for settings that name them. */
  points?: Points;
}

export interface Outcome {
  report: Report;
  /** How long it ran, without the time that it was paused. */
  milliseconds: number;
}

/** How fast a fit goes. */
export interface Speed {
  /** Milliseconds until the first iteration: data are drawn and centres are chosen. */
  setup: number;
  /** Milliseconds an iteration. */
  iteration: number;
}

export interface Runner {
  open(module: WebAssembly.Module): Promise<void>;
  comparisonSchema(): Setting[];
  comparisonPlan(change: Settings): ComparisonPlan;
  /** Tries a fit for about so many milliseconds. */
  measure(job: Job, budget: number): Speed;
  /** Runs a fit to its end; nothing comes back where it was cancelled. */
  run(job: Job): Promise<Outcome | undefined>;
  /** How many iterations the fit that is being run has done. */
  iteration(): number;
  pause(): void;
  resume(): void;
  cancel(): void;
}
