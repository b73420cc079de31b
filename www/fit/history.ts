import type { Report } from '../engine/protocol.ts';

/** The objective of every iteration since the fit was started. */
export class History {
  readonly iterations: number[] = [];
  readonly values: number[] = [];

  add({ historyStart, history }: Pick<Report, 'historyStart' | 'history'>): void {
    // Also covers a restart, which begins again at 0.
    this.iterations.length = Math.min(this.iterations.length, historyStart);
    this.values.length = this.iterations.length;
    for (const value of history) {
      this.iterations.push(this.iterations.length);
      this.values.push(value);
    }
  }
}
