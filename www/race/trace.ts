import type { Report } from '../engine/protocol.ts';
import { History } from '../fit/history.ts';
import type { Score } from '../side-by-side/scores.ts';
import { scoreColumn } from './measure.ts';

export interface TracePoint {
  iteration: number;
  /** That its Worker has spent on iterations until there. */
  seconds: number;
  score: number;
}

/** How a contestant's score went, by iterations and by seconds. */
export class Trace {
  readonly #experiment: string;
  readonly #score: Score;
  readonly #history = new History();
  /** One for each row of the history. */
  #points: TracePoint[] = [];
  /** Where the last report left off. */
  #last = { iteration: 0, seconds: 0 };

  constructor(experiment: string, score: Score) {
    this.#experiment = experiment;
    this.#score = score;
  }

  get points(): readonly TracePoint[] {
    return this.#points;
  }

  clear(): void {
    this.#points = [];
    this.#last = { iteration: 0, seconds: 0 };
  }

  /** Takes a report in; its iterations are spread evenly over the time since the last one. */
  add(report: Report, milliseconds: number): void {
    const seconds = milliseconds / 1000;
    if (report.historyStart === 0) this.clear();
    const before = this.#last;
    const span = report.iteration - before.iteration;
    const at = (iteration: number): number =>
      span > 0
        ? before.seconds + ((seconds - before.seconds) * (iteration - before.iteration)) / span
        : seconds;
    this.#history.add(report);
    const score = scoreColumn(this.#experiment, report.curves);
    if (score) {
      const { iterations, curves } = this.#history;
      // A column may be of the data as standardized; the score is that of the data.
      const [end, told] = [curves[score.column]?.at(-1), this.#score.of(report)];
      const offset =
        end !== undefined && told !== undefined && iterations.at(-1) === report.iteration
          ? told - score.sign * end
          : 0;
      const shift = Number.isFinite(offset) ? offset : 0;
      // The end of what was known may have been replaced.
      this.#points.length = Math.min(this.#points.length, report.historyStart);
      for (let row = this.#points.length; row < iterations.length; row += 1) {
        const iteration = iterations[row] ?? 0;
        const value = curves[score.column]?.[row] ?? Number.NaN;
        this.#points.push({ iteration, seconds: at(iteration), score: score.sign * value + shift });
      }
    } else {
      const value = this.#score.of(report);
      const { iteration } = report;
      const end = this.#points.at(-1);
      if (value !== undefined && (end === undefined || end.iteration < iteration)) {
        this.#points.push({ iteration, seconds, score: value });
      }
    }
    this.#last = { iteration: report.iteration, seconds };
  }
}
