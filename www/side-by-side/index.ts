import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { watchVisibility } from '../fit/sight.ts';
import { count, fixed } from '../format.ts';
import { icon } from '../icons.ts';
import { onceAFrame } from '../once-a-frame.ts';
import type { Colours } from '../theme.ts';
import { type Ground, type Lane, Panel } from './panel.ts';
import { type Conclude, compare, type Score } from './scores.ts';

export type { Ground, Lane } from './panel.ts';

export interface SideBySideOptions {
  /** What is compared, in a few words. */
  title: string;
  lanes: readonly Lane[];
  ground: Ground;
  /** What decides which is best, the first counting most. */
  scores: readonly Score[];
  /** What else can be said once all are over. */
  conclude?: Conclude;
  colours: Colours;
  playing: boolean;
  /** Shows one of them alone. */
  open(lane: Lane): void;
  /** Ends it. */
  back(): void;
}

interface Row {
  row: HTMLTableRowElement;
  mark: HTMLElement;
  cells: Map<string, HTMLTableCellElement>;
}

/** A panel that has begun. */
interface Standing {
  panel: Panel;
  report: Report;
}

/** Several fits at once, in place of the one large canvas, with a table of what came of each. */
export class SideBySide {
  readonly element: HTMLElement;
  readonly #options: SideBySideOptions;
  readonly #play = make('button', { type: 'button', class: 'play' });
  readonly #verdict = make('p', { class: 'verdict', role: 'status' });
  readonly #grid = make('div', { class: 'panels' });
  readonly #body = make('tbody');
  #panels: Panel[] = [];
  #rows: Row[] = [];
  #ground: Ground;
  #playing: boolean;
  #life = new AbortController();

  constructor(options: SideBySideOptions) {
    this.#options = options;
    this.#ground = options.ground;
    this.#playing = options.playing;
    this.#play.addEventListener('click', () => this.toggle());
    const back = make('button', { type: 'button', class: 'plain' }, 'Back to one');
    back.addEventListener('click', options.back);
    const headings = [
      ...options.scores.map(({ label }) => label),
      'Iterations',
      'Time',
      'Status',
    ].map((label) => make('th', { scope: 'col' }, label));
    const head = make(
      'thead',
      {},
      make('tr', {}, make('th', { scope: 'col' }, 'Fit'), ...headings),
    );
    this.element = make(
      'div',
      { class: 'side-by-side', role: 'group', 'aria-label': options.title },
      make(
        'div',
        { class: 'side-bar' },
        make('div', { class: 'buttons' }, this.#play),
        this.#verdict,
        back,
      ),
      this.#grid,
      make(
        'div',
        { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'What came of each' },
        make('table', {}, head, this.#body),
      ),
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') options.back();
    });
    this.#make(options.lanes);
    this.#show();
  }

  /** Call once the element is in the page. */
  start(): void {
    const { signal } = this.#life;
    for (const panel of this.#panels) panel.start(signal);
    // All of them or none: on a phone those further down are to run as well.
    watchVisibility(
      this.element,
      (visible) => {
        for (const panel of this.#panels) panel.setVisible(visible);
      },
      signal,
    );
  }

  /** Ends the Workers. */
  end(): void {
    this.#life.abort();
  }

  recolour(): void {
    for (const panel of this.#panels) panel.recolour();
  }

  /** Follows a change of the problem: other settings act on the fits, other data begin them anew. */
  follow(lanes: readonly Lane[], ground: Ground): void {
    const same = ground.own === this.#ground.own && lanes.length === this.#panels.length;
    this.#ground = ground;
    if (same) {
      lanes.forEach((lane, index) => {
        this.#panels[index]?.follow(lane);
      });
      return;
    }
    this.#life.abort();
    this.#life = new AbortController();
    this.#make(lanes);
    this.start();
  }

  /** What the play button does. */
  toggle(): void {
    const again = this.#panels.every(({ over }) => over);
    this.#playing = again || !this.#playing;
    for (const panel of this.#panels) {
      if (again) panel.reset();
      if (this.#playing) panel.play();
      else panel.pause();
    }
    this.#show();
  }

  #make(lanes: readonly Lane[]): void {
    const { colours, open } = this.#options;
    // Several fits bring news in the same frame: the table is written once.
    const changed = onceAFrame(() => this.#show(), this.#life.signal);
    this.#panels = lanes.map((lane) => {
      const panel: Panel = new Panel(lane, this.#ground, colours, this.#playing, {
        changed,
        open: () => open(panel.lane),
      });
      return panel;
    });
    this.#rows = lanes.map(({ label }) => this.#makeRow(label));
    this.#grid.replaceChildren(...this.#panels.map(({ element }) => element));
    this.#grid.dataset.panels = String(lanes.length);
    this.#body.replaceChildren(...this.#rows.map(({ row }) => row));
  }

  #makeRow(label: string): Row {
    const mark = make('span', { class: 'mark' });
    const names = [...this.#options.scores.map(({ name }) => name), 'iteration', 'time', 'status'];
    const cells = new Map(names.map((name) => [name, make('td', { 'data-name': name })]));
    const row = make('tr', {}, make('th', { scope: 'row' }, label, mark), ...cells.values());
    return { row, mark, cells };
  }

  #show(): void {
    const over = this.#panels.every((panel) => panel.over);
    const best = this.#best();
    this.#panels.forEach((panel, index) => {
      const row = this.#rows[index];
      if (row) this.#fill(row, panel);
      const words = panel === best?.panel ? (over ? 'best' : 'ahead') : '';
      if (row) setText(row.mark, words);
      row?.row.classList.toggle('best', words !== '');
    });
    this.#showPlay(over);
    setText(this.#verdict, this.#words(over, best));
  }

  /** The one to beat among those that have done something and did not fail. */
  #best(): Standing | undefined {
    const standings = this.#panels.flatMap((panel): Standing[] =>
      panel.report && panel.report.iteration > 0 && panel.report.state !== 'failed'
        ? [{ panel, report: panel.report }]
        : [],
    );
    const { scores } = this.#options;
    return standings.sort((a, b) => compare(a.report, b.report, scores))[0];
  }

  #words(over: boolean, best: Standing | undefined): string {
    const { title, scores } = this.#options;
    if (!over) return `${title}.`;
    if (!best) return 'None of them came to an end.';
    const { panel, report } = best;
    const numbers = scores.flatMap(({ label, of, say }) => {
      const value = of(report);
      return value === undefined ? [] : [`${label.toLowerCase()} ${say(value, report)}`];
    });
    const said = numbers.join(', ').replace(/\b(?:mse|elbo)\b/g, (name) => name.toUpperCase());
    const more = this.#options.conclude?.(
      this.#panels.flatMap((one) =>
        one.report ? [{ report: one.report, settings: one.lane.settings }] : [],
      ),
    );
    return `Best: ${panel.lane.label}. It has ${said}, after ${count(report.iteration)} iterations in ${fixed(panel.seconds, 1)} s.${more ? ` ${more}` : ''}`;
  }

  #fill({ cells }: Row, panel: Panel): void {
    const { report } = panel;
    const put = (name: string, words: string, value: number | string | undefined): void => {
      const cell = cells.get(name);
      if (!cell) return;
      setText(cell, words);
      cell.dataset.value = String(value ?? '');
    };
    for (const { name, of, say } of this.#options.scores) {
      const value = report && of(report);
      put(name, report && value !== undefined ? say(value, report) : '–', value);
    }
    put('iteration', report ? count(report.iteration) : '–', report?.iteration);
    put('time', `${fixed(panel.seconds, 1)} s`, panel.seconds);
    put('status', panel.word, report?.state);
    const status = cells.get('status');
    if (status) status.title = report?.message ?? '';
  }

  #showPlay(over: boolean): void {
    const playing = this.#playing && !over;
    const name = playing ? 'Pause all' : over ? 'Play all again' : 'Play all';
    if (this.#play.title === name) return;
    this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
    this.#play.setAttribute('aria-label', name);
    this.#play.title = name;
  }
}
