import { duration } from '../comparison/words.ts';
import { make, setText, uniqueId } from '../dom.ts';
import type { Report, Settings } from '../engine/protocol.ts';
import { fixed } from '../format.ts';
import { pointsFor, problemOf } from './background.ts';
import { KChart, sizeInWords } from './choose-k/chart.ts';
import {
  type Cell,
  type Counted,
  type Criterion,
  criteria,
  KStudy,
  mostComponents,
  pick,
} from './choose-k/study.ts';
import { kTable, leftOutInWords } from './choose-k/table.ts';
import type { Part, PartContext } from './index.ts';

const experiment = 'em-mixture';
/** What the fits differ in, and the seed, which an opened fit brings with it. */
const varied = ['components', 'covarianceType', 'nInit', 'seed'];
const starts = [1, 5, 10, 20, 50];
const usualStarts = 10;

interface Type {
  value: string;
  label: string;
}

/** BIC and AIC of every number of Gaussians in every shape: which to choose. */
export class ChooseK implements Part {
  readonly place = 'right';
  readonly element: HTMLElement;
  readonly #context: PartContext;
  readonly #what = make('span', { class: 'what' });
  readonly #starts = make('select', { 'aria-label': 'Starts of each fit' });
  readonly #run = make('button', { type: 'button', class: 'plain', disabled: true }, 'Run');
  readonly #bar = make('progress', { 'aria-label': 'Fits done', max: 1, value: 0, hidden: true });
  readonly #words = make('p', { class: 'k-words' });
  readonly #picks = make('p', { class: 'k-picks', 'aria-live': 'polite' });
  readonly #note = make('p', { class: 'k-note' });
  readonly #left = make('p', { class: 'k-note' });
  readonly #results = make('div', { class: 'k-results', hidden: true });
  readonly #table = make('div', { class: 'table' });
  readonly #chart: KChart;
  #types: readonly Type[] = [];
  #study: KStudy | undefined;
  #criterion: Criterion = 'bic';
  /** What the fits were made of, and from which seed. */
  #made: { key: string; seed: Settings[string]; restarts: number } | undefined;
  #settings: Settings | undefined;
  #missing = '';
  #count = 0;
  #shown = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(context: PartContext) {
    this.#context = context;
    this.#chart = new KChart({
      open: (cell) => void this.#open(cell),
      looked: (cell) => this.#look(cell),
    });
    this.#chart.mount(context.signal);
    context.signal.addEventListener('abort', () => {
      clearInterval(this.#timer);
      this.#study?.cancel();
    });
    for (const many of starts) {
      const words = many === 1 ? '1 start' : `${many} starts`;
      this.#starts.append(make('option', { value: many, selected: many === usualStarts }, words));
    }
    this.#run.addEventListener('click', () => {
      if (this.#study?.state === 'running') this.#study.cancel();
      else void this.#start();
    });
    const numbers = make(
      'details',
      { class: 'more' },
      make('summary', {}, 'The numbers'),
      this.#table,
    );
    this.#results.append(this.#chart.element, this.#picks, this.#note, this.#left, numbers);
    this.element = make(
      'section',
      { class: 'section choose-k' },
      make('h2', {}, 'Choose K', this.#what),
      make('div', { class: 'k-controls' }, this.#switch(), this.#starts),
      make('div', { class: 'k-run' }, this.#run, this.#words),
      this.#bar,
      this.#results,
    );
    setText(this.#what, 'BIC above the best');
  }

  #switch(): HTMLElement {
    const name = uniqueId('criterion');
    const group = make('div', {
      class: 'segmented',
      role: 'radiogroup',
      'aria-label': 'Criterion',
    });
    for (const criterion of criteria) {
      const checked = criterion === this.#criterion;
      const radio = make('input', { type: 'radio', name, value: criterion, checked });
      radio.addEventListener('change', () => {
        this.#criterion = criterion;
        this.#draw();
      });
      group.append(make('label', {}, radio, make('span', {}, criterion.toUpperCase())));
    }
    return group;
  }

  show(report: Report, settings: Settings): void {
    if (this.#types.length === 0) {
      const kind = this.#context.schema().find(({ name }) => name === 'covarianceType')?.kind;
      if (kind?.type === 'choice') this.#types = kind.options;
    }
    this.#settings = settings;
    this.#missing = report.dataset.missing;
    this.#count = report.dataset.points;
    const seen = JSON.stringify([settings, this.#context.client.ownVersion, this.#missing]);
    if (seen === this.#shown) return;
    this.#shown = seen;
    if (this.#stale) this.#study?.cancel();
    this.#draw();
  }

  get #key(): string {
    const { client, schema } = this.#context;
    return this.#settings ? problemOf(schema(), this.#settings, varied, client).key : '';
  }

  /** Whether the fits are those of other data or settings. */
  get #stale(): boolean {
    return this.#made !== undefined && this.#made.key !== this.#key;
  }

  async #start(): Promise<void> {
    const settings = this.#settings;
    if (!settings) return;
    const { client, schema } = this.#context;
    const problem = problemOf(schema(), settings, varied, client);
    const restarts = Number(this.#starts.value);
    this.#study ??= new KStudy(
      this.#types.map(({ value }) => value),
      () => this.#draw(),
    );
    const seed = settings.seed ?? 0;
    try {
      const given = await pointsFor(problem, client);
      if (this.#context.signal.aborted) return;
      this.#made = { key: problem.key, seed, restarts };
      const task = { ...problem.settings, seed };
      this.#study.start({ experiment, settings: task, count: this.#count, restarts, ...given });
    } catch {
      // A Worker that died has its own sentence.
    }
  }

  /** Brings a fit of the chart onto the page, at its end. */
  async #open({ components, covarianceType }: Cell): Promise<void> {
    const made = this.#made;
    if (!made || this.#stale) return;
    const { seed, restarts: nInit } = made;
    await this.#context.change({ components, covarianceType, nInit, seed });
    this.#context.client.finish();
  }

  #draw(): void {
    const study = this.#study;
    const settings = this.#settings;
    if (!settings) return;
    const running = study?.state === 'running';
    this.#tick(running);
    const cells = study?.cells ?? [];
    const any = cells.some(({ fitted }) => fitted);
    this.#run.disabled = !running && this.#missing !== '';
    setText(this.#run, running ? 'Cancel' : any ? 'Run again' : 'Run');
    this.#starts.disabled = running;
    setText(this.#what, `${this.#criterion.toUpperCase()} above the best`);
    this.#bar.hidden = !running;
    this.#bar.value = study?.progress ?? 0;
    this.#showWords(running, any);
    this.#results.hidden = !any;
    const stale = this.#stale;
    this.#results.classList.toggle('stale', stale);
    this.#results.inert = stale;
    this.element.dataset.state = stale ? 'stale' : (study?.state ?? 'none');
    if (!any) return;
    const content = {
      cells,
      criterion: this.#criterion,
      types: this.#types,
      present: {
        components: stale ? 0 : Number(settings.components),
        covarianceType: String(settings.covarianceType),
      },
    };
    this.#chart.show(content);
    this.#table.replaceChildren(kTable(content));
    setText(this.#picks, stale ? '' : this.#picksInWords(cells, running));
    setText(this.#left, leftOutInWords(cells).join(' '));
    this.#look(undefined);
  }

  #showWords(running: boolean, any: boolean): void {
    const remaining = this.#study?.remaining;
    const words = running
      ? remaining === undefined
        ? ''
        : `${duration(remaining)} to go`
      : this.#stale
        ? 'The data or settings have changed since.'
        : any
          ? ''
          : `Fits K = 1 to ${mostComponents} in all four shapes, beside the fit that you see.`;
    setText(this.#words, words);
  }

  /** The time that is left goes on between two results. */
  #tick(running: boolean): void {
    if (running === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = running ? setInterval(() => this.#showWords(true, true), 500) : undefined;
  }

  #picksInWords(cells: readonly Cell[], running: boolean): string {
    const said = criteria.flatMap((criterion) => {
      const best = pick(cells, criterion);
      const size = best && sizeInWords(best, this.#types);
      return size ? [`${criterion.toUpperCase()} picks ${size}`] : [];
    });
    if (said.length === 0) return '';
    const type = String(this.#settings?.covarianceType ?? '');
    const best = pick(cells, this.#criterion);
    const own = cells.filter(({ covarianceType }) => covarianceType === type);
    const [within] = [pick(own, this.#criterion)];
    const label = this.#types.find(({ value }) => value === type)?.label.toLowerCase();
    // Another shape is best: what of the page's own?
    const also =
      within && within !== best
        ? ` Of ${label}, ${this.#criterion.toUpperCase()} picks ${within.components}.`
        : '';
    return `${running ? 'So far ' : ''}${said.join('; ')}.${also}`;
  }

  #look(cell: Counted | undefined): void {
    if (!cell) {
      setText(this.#note, 'Press a point to open its fit.');
      return;
    }
    const best = pick(this.#study?.cells ?? [], this.#criterion);
    const value = cell.fitted[this.#criterion];
    const above = value - (best?.fitted[this.#criterion] ?? value);
    const far = cell === best ? 'the best' : `${fixed(above, 1)} above the best`;
    const name = this.#criterion.toUpperCase();
    setText(this.#note, `${sizeInWords(cell, this.#types)}: ${name} ${fixed(value, 1)}, ${far}.`);
  }
}
