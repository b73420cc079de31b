import { make, setText } from '../dom.ts';
import { output } from '../fit/readouts.ts';
import { count } from '../format.ts';
import type { Course } from './study.ts';
import { duration } from './words.ts';

export interface ProgressActions {
  start(): void;
  pause(): void;
  resume(): void;
  cancel(): void;
}

export interface ProgressContent {
  course: Course | undefined;
  /** 0 to 1. */
  progress: number;
  /** Seconds still to go, where that is known. */
  remaining: number | undefined;
  /** Seconds so far. */
  seconds: number;
  /** What a start would cost, in words. */
  cost: string;
  /** Whether the results are those of other settings. */
  outdated: boolean;
}

/** Start, pause and cancel; how far it is; what a start costs. */
export class Progress {
  readonly buttons: HTMLElement;
  readonly numbers: HTMLElement;
  readonly bar: HTMLElement;
  readonly #start = make('button', { type: 'button', class: 'filled' }, 'Start');
  readonly #pause = make('button', { type: 'button', class: 'plain', hidden: true }, 'Pause');
  readonly #cancel = make('button', { type: 'button', class: 'plain', hidden: true }, 'Cancel');
  readonly #fits = output('fits');
  readonly #time = output('time');
  readonly #timeName = make('span', { class: 'name' }, 'Remaining');
  readonly #status = output('status');
  readonly #bar = make('progress', { 'aria-label': 'Fits done', max: 1, value: 0 });
  readonly #cost = make('p', { class: 'cost' });
  #state: Course['state'] | undefined;
  #off = false;

  constructor(actions: ProgressActions) {
    this.#start.disabled = true;
    this.#start.addEventListener('click', () => {
      actions.start();
      // The button goes; what comes in its place is where the next press is expected.
      this.#pause.hidden = false;
      this.#pause.focus();
    });
    this.#pause.addEventListener('click', () => {
      if (this.#state === 'paused') actions.resume();
      else actions.pause();
    });
    this.#cancel.addEventListener('click', () => {
      actions.cancel();
      this.#start.hidden = false;
      this.#start.focus();
    });
    this.buttons = make(
      'div',
      { class: 'comparison-buttons', role: 'group', 'aria-label': 'Run' },
      this.#start,
      this.#pause,
      this.#cancel,
    );
    const readout = (...content: HTMLElement[]): HTMLElement =>
      make('span', { class: 'readout' }, ...content);
    this.numbers = make(
      'div',
      { class: 'readouts' },
      readout(make('span', { class: 'name' }, 'Fits'), this.#fits),
      readout(this.#timeName, this.#time),
      readout(make('span', { class: 'name' }, 'Status'), this.#status),
    );
    this.bar = make('div', { class: 'comparison-progress' }, this.#bar, this.#cost);
  }

  show({ course, progress, remaining, seconds, cost, outdated }: ProgressContent): void {
    if (this.#off) return;
    const state = course?.state;
    const active = state === 'running' || state === 'paused';
    this.#state = state;
    this.#start.disabled = false;
    this.#start.hidden = active;
    setText(this.#start, course ? 'Start anew' : 'Start');
    this.#pause.hidden = this.#cancel.hidden = !active;
    setText(this.#pause, state === 'paused' ? 'Go on' : 'Pause');
    const done = course?.results.filter((result) => result !== undefined).length ?? 0;
    setText(this.#fits, course ? `${count(done)} of ${count(course.results.length)}` : '–');
    this.#fits.dataset.value = String(done);
    setText(this.#timeName, active ? 'Remaining' : 'Time');
    setText(this.#time, active ? inWords(remaining) : course ? duration(seconds) : '–');
    setText(this.#status, course ? words[course.state] : 'Ready');
    this.#status.dataset.state = state ?? 'ready';
    this.#bar.value = course ? progress : 0;
    const then = outdated
      ? active
        ? 'What runs has the settings that it was started with. A new start: '
        : 'The results are those of other settings. A new start: '
      : '';
    setText(this.#cost, then + cost);
  }

  /** Nothing can be run here. */
  switchOff(): void {
    this.#off = true;
    this.#start.disabled = true;
    setText(this.#status, 'Off');
    this.#status.dataset.state = 'off';
  }
}

const words: Record<Course['state'], string> = {
  running: 'Running',
  paused: 'Paused',
  over: 'Done',
  cancelled: 'Cancelled',
};

function inWords(remaining: number | undefined): string {
  return remaining === undefined ? '–' : duration(remaining);
}
