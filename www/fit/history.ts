import type { Report } from '../engine/protocol.ts';

/** What was recorded since the fit was started: for some iterations, one number a curve. */
export class History {
  readonly iterations: number[] = [];
  /** One array a curve, as long as `iterations`. */
  readonly curves: number[][] = [];

  add({
    historyStart,
    history,
    curves,
  }: Pick<Report, 'historyStart' | 'history' | 'curves'>): void {
    const stride = curves.length + 1;
    // Also covers a restart, which begins again at 0.
    this.iterations.length = Math.min(this.iterations.length, historyStart);
    this.curves.length = curves.length;
    for (let curve = 0; curve < curves.length; curve += 1) {
      this.curves[curve] ??= [];
      (this.curves[curve] as number[]).length = this.iterations.length;
    }
    for (let row = 0; row < history.length; row += stride) {
      this.iterations.push(history[row] ?? 0);
      this.curves.forEach((values, curve) => {
        values.push(history[row + 1 + curve] ?? Number.NaN);
      });
    }
  }
}
