import type { Configured } from '../../pkg/gaussian_playground.js';
import { make, setText } from '../dom.ts';
import { Client } from '../engine/client.ts';
import type {
  LinkedState,
  Opened,
  OwnData,
  Placed,
  Points,
  Report,
  Settings,
  Update,
} from '../engine/protocol.ts';
import { describeCanvas } from '../fit/point-tooltip.ts';
import { statusWord } from '../fit/readouts.ts';
import { sizeOf, watchSize } from '../fit/sight.ts';
import { count } from '../format.ts';
import type { Colours } from '../theme.ts';

/** One of the fits that are shown side by side. */
export interface Lane {
  label: string;
  /** What is different about it. */
  why: string;
  /** Its experiment in the fitting core. */
  experiment: string;
  /** All of its settings. */
  settings: Settings;
}

/** What the lanes have in common. */
export interface Ground {
  /** Data of the visitor's own. */
  own: OwnData | undefined;
  /** What a link says of the problem beside settings and points. */
  link?: Partial<LinkedState>;
  /** The iteration that all may go to at first; without one each goes at its own speed. */
  limit?: number;
}

export interface PanelEvents {
  /** There is news of the fit. */
  changed(): void;
  /** The visitor wants this one alone. */
  open(): void;
  /** Its Worker has begun. */
  opened?(opened: Opened): void;
  /** Each report in its turn, with the milliseconds that its Worker has spent on iterations of this fit. */
  reported?(report: Report, worked: number): void;
}

/** Between two words from a fit that runs no more time than this has gone by: the rest it stood still. */
const longestSilence = 2000;

/** A small live fit in a Worker of its own. */
export class Panel {
  readonly element: HTMLElement;
  readonly #holder = make('div', { class: 'panel-canvas' });
  readonly #name = make('h2');
  readonly #open = make('button', { type: 'button', class: 'link' }, 'Open this one');
  readonly #word = make('span');
  readonly #iteration = make('span', { class: 'panel-iteration' });
  readonly #status = make('span', { class: 'panel-status' }, this.#word, this.#iteration);
  readonly #why = make('p', { class: 'panel-why' });
  readonly #lost = make('p', { class: 'lost', hidden: true });
  readonly #client: Client;
  readonly #colours: Colours;
  readonly #events: PanelEvents;
  #lane: Lane;
  #canvas: HTMLCanvasElement | undefined;
  #report: Report | undefined;
  #playing: boolean;
  #milliseconds = 0;
  #heard: number | undefined;
  #broken = false;
  /** Milliseconds that the Worker had spent when this fit began, and has spent by now. */
  #workedBefore = 0;
  #worked = 0;

  constructor(lane: Lane, ground: Ground, colours: Colours, playing: boolean, events: PanelEvents) {
    this.#lane = lane;
    this.#colours = colours;
    this.#events = events;
    this.#playing = playing;
    this.#open.addEventListener('click', events.open);
    setText(this.#why, lane.why);
    this.element = make(
      'section',
      { class: 'panel' },
      make('div', { class: 'panel-head' }, this.#name, this.#status),
      this.#holder,
      make('div', { class: 'panel-foot' }, this.#why, this.#open),
    );
    this.rename(lane.label, lane.why);
    this.#client = new Client(
      {
        canvas: (canvas) => this.#put(canvas),
        opened: (opened) => events.opened?.(opened),
        update: (update) => this.#update(update),
        restarted: () => {},
        lost: () => this.#break('This fit cannot be kept running here.'),
      },
      {
        experiment: lane.experiment,
        beginning: {},
        size: { width: 1, height: 1, pixelRatio: 1 },
        palette: colours.palette(),
        playing,
        visible: true,
        tables: 0,
        attributes: [],
        link: { live: [], placed: [], ...ground.link, settings: lane.settings },
        ...(ground.own ? { own: ground.own } : {}),
        ...(ground.limit === undefined ? {} : { limit: ground.limit }),
      },
    );
  }

  /** Call once the element is in the page. */
  start(signal: AbortSignal): void {
    watchSize(this.#holder, (size) => this.#client.resize(size), signal);
    this.#client.setPalette(this.#colours.palette());
    this.#client.resize(sizeOf(this.#holder));
    void this.#client.open();
    signal.addEventListener('abort', () => this.#client.close());
  }

  get lane(): Lane {
    return this.#lane;
  }

  /** How the fit stands; `undefined` until it has begun. */
  get report(): Report | undefined {
    return this.#report;
  }

  /** Seconds that it ran. */
  get seconds(): number {
    return this.#milliseconds / 1000;
  }

  /** Seconds that its Worker has spent on iterations. */
  get worked(): number {
    return (this.#worked - this.#workedBefore) / 1000;
  }

  get playing(): boolean {
    return this.#playing && this.#report?.state === 'running';
  }

  /** Whether there is nothing more to come of it. */
  get over(): boolean {
    return this.#broken || (this.#report !== undefined && this.#report.state !== 'running');
  }

  get word(): string {
    if (this.#broken) return 'Failed';
    return this.#report ? statusWord(this.#report.state, this.#playing) : 'Starting';
  }

  /** Out of sight the fit stands still, and so does its clock. */
  setVisible(visible: boolean): void {
    this.#heard = undefined;
    this.#client.setVisible(visible);
  }

  play(): void {
    this.#playing = true;
    this.#client.play();
  }

  pause(): void {
    this.#playing = false;
    this.#client.pause();
  }

  /** Lets the fit go to that iteration and no farther; `undefined` for its own speed. */
  allow(limit: number | undefined): void {
    this.#client.allow(limit);
  }

  /** Iteration 0 of another lane of the same experiment, its components where they are `placed`. */
  async begin(lane: Lane, placed: Placed[]): Promise<Configured> {
    this.#lane = lane;
    this.rename(lane.label, lane.why);
    const configured = await this.#client.openLink({ live: [], placed, settings: lane.settings });
    // What was heard of it until now was of the fit before.
    this.#forget();
    this.#report = undefined;
    this.#broken = false;
    return configured;
  }

  /** What it is called, and what is different about it. */
  rename(label: string, why: string): void {
    this.#lane = { ...this.#lane, label, why };
    setText(this.#name, label);
    setText(this.#why, why);
    this.#open.setAttribute('aria-label', `Open this one: ${label}`);
    this.element.setAttribute('aria-label', label);
  }

  /** The data that it is fitted to. */
  points(): Promise<Points> {
    return this.#client.points();
  }

  /** What is on its canvas, as a PNG. */
  picture(): Promise<Blob> {
    return this.#client.picture();
  }

  /** Iteration 0 again, from the same start. */
  reset(): void {
    this.#forget();
    this.#client.reset();
  }

  /** Takes over what changed of its settings. */
  follow(lane: Lane): void {
    const before = this.#lane.settings;
    const changed = Object.entries(lane.settings).filter(([name, value]) => before[name] !== value);
    this.#lane = lane;
    setText(this.#why, lane.why);
    if (changed.length === 0) return;
    // Worker and fit go their own way where that is refused; the board has said why.
    this.#client.configure(Object.fromEntries(changed)).catch(() => {});
  }

  recolour(): void {
    this.#client.setPalette(this.#colours.palette());
  }

  #put(canvas: HTMLCanvasElement): void {
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', this.#lane.label);
    this.#canvas = canvas;
    this.#holder.replaceChildren(canvas, this.#lost);
  }

  #forget(): void {
    this.#milliseconds = 0;
    this.#heard = undefined;
    this.#workedBefore = this.#worked;
  }

  #break(sentence: string): void {
    this.#broken = true;
    setText(this.#lost, sentence);
    this.#lost.hidden = false;
    this.#show();
  }

  #update({ report, playing, worked }: Update): void {
    const before = this.#report;
    // A restart begins its history anew, also where it has passed iteration 0 by now.
    if (before && report.historyStart === 0 && report.iteration < before.iteration) this.#forget();
    this.#worked = worked;
    const now = performance.now();
    if (this.#heard !== undefined) {
      this.#milliseconds += Math.min(now - this.#heard, longestSilence);
    }
    this.#heard = playing && report.state === 'running' ? now : undefined;
    this.#report = report;
    this.#events.reported?.(report, worked - this.#workedBefore);
    this.#canvas?.setAttribute('aria-label', `${this.#lane.label}. ${describeCanvas(report)}`);
    this.#show();
  }

  #show(): void {
    setText(this.#word, this.word);
    setText(this.#iteration, this.#report ? `, iteration ${count(this.#report.iteration)}` : '');
    this.#status.dataset.state = this.word.toLowerCase();
    this.#status.title = this.#report?.message ?? '';
    this.#events.changed();
  }
}
