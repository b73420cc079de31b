import type { Component } from '../../pkg/gaussian_playground.js';
import { make, setText } from '../dom.ts';
import { Pool } from '../engine/pool.ts';
import type { Report, Settings } from '../engine/protocol.ts';
import { fixed } from '../format.ts';
import { leftOut, pointsFor, problemOf } from './background.ts';
import type { Part, PartContext } from './index.ts';

const experiment = 'em-mixture';
const many = 6;
/** What the starts differ in, and what would choose between them. */
const varied = ['seed', 'nInit'];
/** Milliseconds that the page's fit has stood at its end before the others are run. */
const patience = 700;
/** Points times components above which they wait to be asked for: they would take long. */
const mostByThemselves = 60_000;
/** In CSS pixels. */
const size = { width: 56, height: 44 };

interface Start {
  seed: number;
  /** The mean log-likelihood a point at its end. */
  score: number | undefined;
  /** Why it has none, as a sentence. */
  reason: string;
  components: Component[];
}

interface Tile {
  button: HTMLButtonElement;
  canvas: HTMLCanvasElement;
  value: HTMLElement;
}

/** Six starts by six seeds, each at its end: where a fit ends hangs on where it starts. */
export class Restarts implements Part {
  readonly place = 'left';
  readonly element: HTMLElement;
  readonly #context: PartContext;
  readonly #run = make('button', { type: 'button', class: 'plain' }, 'Run six starts');
  readonly #grid = make('div', { class: 'restarts-grid', hidden: true });
  readonly #tiles: Tile[];
  #starts: Start[] = [];
  /** What the starts were made of. */
  #key = '';
  #settings: Settings | undefined;
  #pool: Pool | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PartContext) {
    this.#context = context;
    this.#tiles = Array.from({ length: many }, (_, index) => this.#tile(index));
    this.#grid.append(...this.#tiles.map(({ button }) => button));
    this.#run.addEventListener('click', () => void this.#begin());
    this.element = make(
      'section',
      { class: 'section six-starts' },
      make('h2', {}, 'Restarts', make('span', { class: 'what' }, 'log-likelihood a point')),
      this.#run,
      this.#grid,
    );
    context.signal.addEventListener('abort', () => this.#stop());
    context.recoloured(() => this.#paintAll());
  }

  #tile(index: number): Tile {
    const ratio = Math.max(1, Math.min(3, devicePixelRatio || 1));
    const canvas = make('canvas', {
      width: Math.round(size.width * ratio),
      height: Math.round(size.height * ratio),
    });
    const value = make('span', { class: 'value' });
    const button = make(
      'button',
      { type: 'button', class: 'restart', disabled: true },
      canvas,
      value,
    );
    button.addEventListener('click', () => {
      const start = this.#starts[index];
      if (start) void this.#open(start.seed);
    });
    return { button, canvas, value };
  }

  show(report: Report, settings: Settings): void {
    this.#settings = settings;
    const done = this.#done;
    if (!done && this.#key !== '') this.#stop();
    const stands = report.state !== 'running' && report.dataset.missing === '';
    const byItself = stands && this.#light(report);
    if (done || !byItself) {
      clearTimeout(this.#waiting);
      this.#waiting = undefined;
    } else if (this.#waiting === undefined) {
      this.#waiting = setTimeout(() => void this.#begin(), patience);
    }
    this.#run.hidden = done || byItself;
    this.#run.disabled = report.dataset.missing !== '';
    this.#showTiles();
  }

  /** Whether the starts, done or under way, are those of the present data and settings. */
  get #done(): boolean {
    const settings = this.#settings;
    if (!settings) return false;
    const { client, schema } = this.#context;
    const { key } = problemOf(schema(), settings, varied, client);
    return this.#key === key && this.#starts.some(({ seed }) => seed === Number(settings.seed));
  }

  /** Whether they take so little that nobody need ask for them. */
  #light({ dataset, components }: Report): boolean {
    return dataset.points * components.length <= mostByThemselves;
  }

  #stop(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    const pool = this.#pool;
    this.#pool = undefined;
    this.#key = '';
    pool?.end();
  }

  async #begin(): Promise<void> {
    const settings = this.#settings;
    if (!settings || this.#context.signal.aborted) return;
    this.#stop();
    const { client, schema } = this.#context;
    const problem = problemOf(schema(), settings, varied, client);
    const first = Number(settings.seed);
    const starts: Start[] = Array.from({ length: many }, (_, index) => ({
      seed: first + index,
      score: undefined,
      reason: '',
      components: [],
    }));
    this.#key = problem.key;
    this.#starts = starts;
    const pool = new Pool();
    this.#pool = pool;
    this.#run.hidden = true;
    this.#showTiles();
    try {
      const given = await pointsFor(problem, client);
      if (this.#pool !== pool) return;
      const jobs = starts.map(({ seed }) => ({
        experiment,
        settings: { ...problem.settings, seed, nInit: 1 },
        ...given,
      }));
      const keep = (index: number, found: Partial<Start>): void => {
        const start = starts[index];
        if (!start || this.#pool !== pool) return;
        Object.assign(start, found);
        this.#showTiles();
        void this.#paint(index);
      };
      // One Worker: the page's own fit is the one that is watched.
      await pool.run(jobs, 1, {
        begun: () => {},
        ended: (index, { report }) =>
          keep(index, {
            score: report.objective.value,
            reason: leftOut(report),
            components: report.components,
          }),
        failed: (index, reason) => keep(index, { reason }),
      });
    } catch {
      // A Worker that died has its own sentence.
    }
    pool.end();
    if (this.#pool === pool) this.#pool = undefined;
  }

  async #open(seed: number): Promise<void> {
    await this.#context.change({ seed, nInit: 1 });
    this.#context.client.finish();
  }

  #showTiles(): void {
    const settings = this.#settings;
    this.#grid.hidden = this.#starts.length === 0;
    this.#grid.classList.toggle('stale', !this.#done);
    const scores = this.#starts.flatMap(({ score, reason }) =>
      score === undefined || reason !== '' ? [] : [score],
    );
    const best = Math.max(...scores);
    this.#tiles.forEach(({ button, value }, index) => {
      const start = this.#starts[index];
      if (!start) return;
      const { seed, score, reason } = start;
      const text = score === undefined ? (reason === '' ? '…' : '–') : fixed(score, 2);
      setText(value, text);
      // What shows the same digits counts as the same.
      const isBest = score !== undefined && reason === '' && best - score < 0.005;
      const present = settings?.nInit === 1 && Number(settings.seed) === seed;
      button.disabled = score === undefined;
      button.classList.toggle('best', isBest);
      button.setAttribute('aria-pressed', String(present));
      const notes = [isBest ? 'the best' : '', reason].filter((note) => note !== '');
      const name = [`Seed ${seed}: ${text} a point`, ...notes].join(', ');
      button.setAttribute('aria-label', name);
      button.title = `Seed ${seed}${reason === '' ? '' : `. ${reason}`}`;
      button.dataset.seed = String(seed);
    });
  }

  #paintAll(): void {
    this.#tiles.forEach((_, index) => void this.#paint(index));
  }

  async #paint(index: number): Promise<void> {
    const [start, tile] = [this.#starts[index], this.#tiles[index]];
    if (!start || !tile || start.components.length === 0) return;
    const pixelRatio = tile.canvas.width / size.width;
    try {
      const picture = await this.#context.client.thumbnail(
        start.components,
        { ...size, pixelRatio },
        'points',
      );
      tile.canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(picture);
    } catch {
      // The number says it without a picture, too.
    }
  }
}
