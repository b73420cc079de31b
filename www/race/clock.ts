/** Iterations a second at first, and by how much of those done they grow: a decade takes as long as the last. */
const begin = 4;
const growth = 0.6;
/** A frame counts for at most this long, so that a pause is never caught up with. */
const longestFrame = 0.25;

/**
 * How far all contestants may go when they go in step: a few iterations a second at first, more and more later. It waits
 * for the slowest, so none is ever ahead by more than a frame's worth.
 */
export class Clock {
  #limit = 0;
  #last: number | undefined;

  /** The iteration that all may go to. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  reset(): void {
    this.at(0);
  }

  /** Goes on from there. */
  at(iteration: number): void {
    this.#limit = iteration;
    this.#last = undefined;
  }

  pause(): void {
    this.#last = undefined;
  }

  /** Goes on to a time in milliseconds, where the slowest that still runs has done so many iterations. */
  tick(now: number, slowest: number): void {
    const elapsed = Math.min((now - (this.#last ?? now)) / 1000, longestFrame);
    this.#last = now;
    const speed = begin + growth * this.#limit;
    // What was allowed in a tenth of a second may be on its way.
    if (slowest < this.#limit - Math.max(1, speed / 10)) return;
    this.#limit += elapsed * speed;
  }
}
