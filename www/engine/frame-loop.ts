import type { Playground } from '../../pkg/gaussian_playground.js';
import {
  type Checkpoint,
  errorMessage,
  type Listener,
  type Report,
  type Update,
} from './protocol.ts';

/** Milliseconds of iterating in a frame at that speed: as long as the last drawing took, within these limits. */
const shortestBudget = 10;
const longestBudget = 40;
/** Milliseconds between checkpoints while a fit plays. */
const checkpointInterval = 1000;
/** A frame counts for at most this long, so that a pause is never caught up with. */
const longestFrame = 250;

/** Joins what the page has not heard yet with what is new, which may replace the end of it. */
function joinReports(waiting: Report | undefined, next: Report): Report {
  if (!waiting) return next;
  const rows = next.historyStart - waiting.historyStart;
  const known = rows * (next.curves.length + 1);
  const settings = next.settings ?? waiting.settings;
  const kept = settings ? { settings } : {};
  // A restart begins again at 0 and needs no row of before.
  if (next.historyStart === 0 || known < 0) return { ...next, ...kept };
  const history = new Float64Array(known + next.history.length);
  history.set(waiting.history.subarray(0, known));
  history.set(next.history, known);
  const backendNotice = next.backendNotice || waiting.backendNotice;
  return { ...next, ...kept, backendNotice, historyStart: waiting.historyStart, history };
}

/**
 * One frame: the iterations that the speed asks for, one drawing, one report. No frame is asked for
 * while there is nothing to do.
 */
export class FrameLoop {
  readonly #playground: Playground;
  readonly #listener: Listener;
  readonly #checkpoint: () => Checkpoint;
  #wanted: boolean;
  #visible: boolean;
  #stopped = false;
  #held = false;
  /** On the way to the end of the fit, whatever the speed is and whether or not it is seen. */
  #rushing = false;
  #speed = 4;
  #unlimited = false;
  #changed = false;
  #finished = false;
  #scheduled = false;
  #last: number | undefined;
  #owed = 0;
  #waiting: Report | undefined;
  #sending = false;
  #budget = shortestBudget;
  #lastCheckpoint = Number.NEGATIVE_INFINITY;
  /** The iteration that it may go to, where several fits go in step. */
  #limit: number | undefined;
  /** The iteration that it has been asked to go to, as far as is known. */
  #iteration = 0;
  #onDevice = false;
  #worked = 0;

  constructor(
    playground: Playground,
    listener: Listener,
    checkpoint: () => Checkpoint,
    start: { playing: boolean; visible: boolean; limit?: number },
  ) {
    this.#playground = playground;
    this.#listener = listener;
    this.#checkpoint = checkpoint;
    this.#wanted = start.playing;
    this.#visible = start.visible;
    this.#limit = start.limit;
  }

  /** Something other than an iteration changed what is to be seen. */
  touch(): void {
    this.#changed = true;
    this.#finished = false;
    this.#wake();
  }

  play(): void {
    this.#wanted = true;
    // The first iteration comes with the press of the button, not a quarter of a second later.
    this.#owed = 1;
    this.touch();
  }

  /** Goes on as fast as it can until the fit stops. */
  finish(): void {
    this.#wanted = true;
    this.#rushing = true;
    this.touch();
  }

  pause(): void {
    this.#wanted = false;
    this.#rushing = false;
    this.#playground.halt();
    this.touch();
  }

  /** While something is held the fit stands still. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) this.#playground.halt();
    this.touch();
  }

  /** As far as that iteration and no farther, but as soon as it can; `undefined` for the speed that was set. */
  allow(limit: number | undefined): void {
    this.#limit = limit;
    this.#wake();
  }

  /** At `fastest`, or above, a fit goes as fast as it can. */
  setSpeed(speed: number, fastest: number): void {
    this.#speed = speed;
    this.#unlimited = speed >= fastest;
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) this.#changed = true;
    else this.#playground.halt();
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
  }

  get #playing(): boolean {
    return this.#wanted && !this.#finished && !this.#held;
  }

  /** Whether it goes on in the next frame: in sight, or on the way to its end, and not past its limit. */
  get #iterates(): boolean {
    const within = this.#limit === undefined || this.#iteration < this.#limit;
    return this.#playing && (this.#visible || this.#rushing) && within;
  }

  #wake(): void {
    if (this.#scheduled || this.#stopped) return;
    if (!this.#changed && !this.#iterates && !this.#playground.busy) {
      this.#last = undefined;
      return;
    }
    this.#scheduled = true;
    const frame = (now: number): void => {
      this.#scheduled = false;
      this.#frame(now);
    };
    // Not every browser gives a dedicated Worker animation frames.
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(frame);
    else setTimeout(() => frame(performance.now()), 16);
  }

  #frame(now: number): void {
    if (this.#stopped) return;
    const elapsed = Math.min(now - (this.#last ?? now), longestFrame);
    this.#last = this.#visible ? now : undefined;
    try {
      if (this.#playground.poll()) this.#changed = true;
      if (this.#iterates && this.#work(elapsed)) this.#changed = true;
      if (this.#changed) {
        this.#changed = false;
        // Out of sight there is nothing to draw, but what the page says is to be true.
        if (this.#visible) this.#draw();
        this.#report();
      }
    } catch (error) {
      this.#stopped = true;
      void this.#listener.trap(errorMessage(error));
      return;
    }
    this.#wake();
  }

  #draw(): void {
    const start = performance.now();
    // Where components go next is drawn while there is time to look at it.
    this.#playground.setPaused(!this.#playing);
    this.#playground.draw();
    const took = performance.now() - start;
    this.#budget = Math.min(Math.max(took, shortestBudget), longestBudget);
  }

  /** Iterates, and counts how long that took; the graphics processor works meanwhile as well. */
  #work(elapsed: number): boolean {
    const start = performance.now();
    const moved = this.#limit === undefined ? this.#iterate(elapsed) : this.#goTo(this.#limit);
    this.#worked += this.#onDevice ? elapsed : performance.now() - start;
    return moved;
  }

  #goTo(limit: number): boolean {
    const playground = this.#playground;
    const end = performance.now() + longestBudget;
    const before = this.#iteration;
    while (this.#iteration < limit && !playground.behind && performance.now() < end) {
      playground.step(1);
      this.#iteration += 1;
    }
    return this.#iteration > before;
  }

  /** True when there may be something new to see. */
  #iterate(elapsed: number): boolean {
    const playground = this.#playground;
    if (this.#unlimited || this.#rushing) return playground.run(this.#budget);
    this.#owed += (elapsed * this.#speed) / 1000;
    if (this.#owed < 1) return false;
    if (playground.behind) {
      // The graphics processor is still at what it was last asked for: a tenth of a second is caught up with.
      this.#owed = Math.min(this.#owed, Math.max(1, this.#speed / 10));
      return false;
    }
    const end = performance.now() + longestBudget;
    do {
      playground.step(1);
      this.#owed -= 1;
    } while (this.#owed >= 1 && !playground.behind && performance.now() < end);
    if (playground.behind && this.#owed >= 1) {
      playground.step(Math.floor(this.#owed));
      this.#owed %= 1;
    }
    // Data too large for the speed go as fast as they can; what was missed is not caught up with.
    if (this.#owed >= 1) this.#owed = 0;
    return true;
  }

  #report(): void {
    const report = this.#playground.report();
    this.#finished = report.state !== 'running';
    if (this.#finished) this.#rushing = false;
    this.#onDevice = report.backend === 'gpu';
    // What was asked of the graphics processor comes later; what starts anew starts at 0.
    const ahead = this.#onDevice && report.historyStart > 0 ? this.#iteration : 0;
    this.#iteration = Math.max(ahead, report.iteration);
    this.#waiting = joinReports(this.#waiting, report);
    this.#send();
  }

  /** One report on its way at a time: a busy page gets fewer, and misses nothing. */
  #send(): void {
    if (this.#sending || !this.#waiting) return;
    const report = this.#waiting;
    // What changed while it waited is in force as well.
    if (report.settings) report.settings = this.#playground.settings();
    const playing = this.#wanted && report.state === 'running';
    const figures = this.#playground.figures();
    const update: Update = { report, figures, playing, worked: this.#worked };
    const now = performance.now();
    if (!playing || report.historyStart === 0 || now - this.#lastCheckpoint > checkpointInterval) {
      update.checkpoint = this.#checkpoint();
      this.#lastCheckpoint = now;
    }
    this.#waiting = undefined;
    this.#sending = true;
    const sent = (): void => {
      this.#sending = false;
      this.#send();
    };
    // A page that fails to show one report is to get the next all the same.
    void Promise.resolve(this.#listener.update(update)).then(sent, sent);
  }
}
