import { ArticleText } from '../article.ts';
import { conditionColour } from '../comparison/strokes.ts';
import { Hints } from '../controls/hints.ts';
import type { Change } from '../controls/index.ts';
import { make, setText } from '../dom.ts';
import type { Attribute, LinkedState, OwnData, Settings } from '../engine/protocol.ts';
import { watchVisibility } from '../fit/sight.ts';
import type { BoardOptions, BoardState, Inside } from '../inside.ts';
import { type Layout, makeLayout, makeMinimalLayout } from '../layout.ts';
import { encode } from '../links/link.ts';
import { Notices } from '../notices.ts';
import { onceAFrame } from '../once-a-frame.ts';
import { openElsewhere, shareMenu } from '../share.ts';
import type { Lane } from '../side-by-side/panel.ts';
import { missingFeature } from '../support.ts';
import { tabs } from '../tabs.ts';
import { Colours } from '../theme.ts';
import { RaceChart } from './chart.ts';
import { Clock } from './clock.ts';
import {
  type Entry,
  entryOf,
  entryOfLink,
  kindOf,
  linkOfEntry,
  oneMore,
  usualOf,
} from './entry.ts';
import { Field } from './field.ts';
import { measures } from './measure.ts';
import { corner, labelsOf, type Model, modelNamed, settingsOfContestant, whyOf } from './models.ts';
import { PresetList } from './preset-list.ts';
import { hardwareAbsence, type Preset } from './presets.ts';
import { raceMenu } from './save.ts';
import { Shared } from './shared.ts';
import { verdictOf } from './standings.ts';
import { RaceTable, rowOf } from './table.ts';
import { Track } from './track.ts';
import { RaceTransport } from './transport.ts';

const inStep =
  'In step: all do the same number of iterations, a few a second at first and more and more later; the slowest sets the pace.';
const asFast =
  'Each as fast as it can in a Worker of its own. Seconds are those that the Worker spent on iterations, without drawing; on few cores they share them.';

/** Several fits of the same data, run against each other. */
export class RaceBoard implements Inside {
  readonly element: HTMLElement;
  readonly #options: BoardOptions;
  readonly #colours = new Colours();
  readonly #hints = new Hints();
  readonly #notices = new Notices();
  readonly #announcer = make('p', { class: 'visually-hidden announcer', role: 'status' });
  readonly #lost = make('p', { class: 'lost', role: 'alert', hidden: true });
  readonly #winner = make('p', { class: 'winner' });
  readonly #more = make('p', { class: 'winner-more' });
  readonly #grid = make('div', { class: 'panels' });
  readonly #chart = new RaceChart();
  readonly #table = new RaceTable();
  readonly #transport: RaceTransport;
  readonly #presets: PresetList;
  readonly #article: ArticleText;
  readonly #shared: Shared;
  readonly #field: Field;
  readonly #clock = new Clock();
  readonly #life = new AbortController();
  readonly #show: () => void;
  /** Absent where only the panels, the chart and one row are shown. */
  readonly #layout: Layout | undefined;
  #own: OwnData | undefined;
  #entry: Entry;
  #tracks: Track[] = [];
  /** Why what runs is not what its name says. */
  #absence: string | undefined;
  #playing: boolean;
  #visible = true;
  /** Whether all stand at iteration 0 or beyond, and none is about to begin anew. */
  #ready = false;
  #beginning: Promise<void> | undefined;
  #stale = false;
  #opened = false;
  #ticking = false;
  #freed = false;

  constructor(options: BoardOptions) {
    this.#options = options;
    const { link } = options;
    this.#own = link?.points ? { points: link.points } : options.own;
    this.#playing = options.playing;
    this.#entry = entryOfLink(link, this.#own, true);
    this.#article = new ArticleText(options.experiment.article, options.follow);
    this.#show = onceAFrame(() => this.#showNow(), this.#life.signal);
    this.#transport = new RaceTransport({
      toggle: () => this.toggle(),
      reset: () => this.#startAnew(),
      against: (against) => {
        this.#entry.against = against;
        this.#freed = false;
        // Those that are ahead wait.
        this.#clock.at(this.#slowest());
        for (const { panel } of this.#running()) panel.allow(this.#clock.limit);
        options.changed(false);
        this.#show();
        this.#wake();
      },
    });
    this.#presets = new PresetList((preset) => void this.#choose(preset));
    this.#shared = new Shared(this.#hints, {
      change: (change) => this.#changeShared(change),
      kind: (kind) => {
        const contestants = usualOf(kind);
        this.#enter({ ...this.#entry, same: false, contestants, shared: {} });
      },
    });
    this.#field = new Field(this.#hints, {
      change: (index, change) => this.#changeLane(index, change),
      model: (index, name) => this.#changeModel(index, modelNamed(name)),
      add: () => {
        const more = oneMore(this.#entry.contestants);
        if (more) this.#changeLanes([...this.#entry.contestants, more]);
      },
      remove: (index) =>
        this.#changeLanes(this.#entry.contestants.filter((_, place) => place !== index)),
    });
    const stage = make(
      'div',
      { class: 'race-stage' },
      make('div', { class: 'winner-line' }, this.#winner, this.#more),
      this.#grid,
      this.#chart.element,
    );
    const common = {
      notices: this.#notices.element,
      troubles: this.#lost,
      stage,
      transport: this.#transport.element,
      readouts: this.#transport.readouts,
      timeline: this.#table.element,
    };
    if (options.minimal) {
      this.element = makeMinimalLayout(common, openElsewhere(options.share));
    } else {
      const save = raceMenu({
        name: () => (this.#entry.same ? this.#entry.preset.name : 'race'),
        tracks: () => this.#tracks,
        chart: () => this.#chart.svg,
        verdict: () => this.#winner.textContent ?? '',
        colours: this.#colours,
        failed: () => this.#notices.show('error', 'The file could not be made here.'),
      });
      const share = shareMenu(options.share);
      this.#layout = makeLayout({
        ...common,
        experiment: options.experiment,
        actions: [options.themeButton, save.button, share.button, save.box, share.box],
        tabs: tabs(options.experiment, options.open),
        data: this.#shared.element,
        besides: [{ element: this.#presets.element, place: 'left', show: () => {} }],
        follow: options.follow,
        article: this.#article.element,
        components: this.#field.element,
      });
      this.#layout.lead.append(this.#shared.lead);
      this.#layout.modelDrawer.element.hidden = true;
      this.element = this.#layout.element;
    }
    this.element.classList.add('race');
    this.element.append(this.#hints.element, this.#colours.element, this.#announcer);
  }

  start(): void {
    const { signal } = this.#life;
    const missing = missingFeature();
    if (missing) {
      setText(this.#lost, missing);
      this.#lost.hidden = false;
      this.#transport.switchOff();
      return;
    }
    this.#chart.mount(signal);
    watchVisibility(
      this.element,
      (visible) => {
        this.#visible = visible;
        for (const { panel } of this.#tracks) panel.setVisible(visible);
        this.#wake();
      },
      signal,
    );
    this.#follow(this.#options.link, this.#options.notices);
  }

  end(): void {
    this.#life.abort();
    for (const track of this.#tracks) track.end();
  }

  recolour(): void {
    for (const { panel } of this.#tracks) panel.recolour();
  }

  get own(): OwnData | undefined {
    return this.#own;
  }

  get settings(): Settings | undefined {
    return this.#opened ? this.#entry.shared : undefined;
  }

  async state(): Promise<BoardState | undefined> {
    if (!this.#opened) return undefined;
    const { settings, ...rest } = linkOfEntry(this.#entry);
    const points = this.#tracks[0]?.panel.report?.dataset.points ?? 0;
    const report = { components: [], edited: false, dataset: { points } };
    return { settings, starting: settings, normal: {}, live: [], report, ...rest };
  }

  points(): ReturnType<Track['panel']['points']> {
    const [first] = this.#tracks;
    if (!first) throw new Error('No contestant has data yet.');
    return first.panel.points();
  }

  openLink(link: LinkedState, notices: readonly string[] = [], pressed = false): void {
    if (link.points) this.#own = { points: link.points };
    if (pressed) this.#playing = true;
    this.#follow(link, notices);
    if (pressed) this.#options.changed(true);
  }

  configureByAttributes(attributes: Attribute[]): void {
    const settings = Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
    this.#changeShared(settings);
  }

  /** Runs what a link asks for, or the first of the races. */
  #follow(link: LinkedState | undefined, notices: readonly string[]): void {
    const entry = entryOfLink(link, this.#own, true);
    void this.#withHardware(entry, () => entryOfLink(link, this.#own, false)).then((taken) =>
      this.#begin({ ...taken, notices: [...notices, ...taken.notices] }),
    );
  }

  async #choose(preset: Preset): Promise<void> {
    const entry = entryOf(preset, true);
    this.#playing = true;
    this.#enter(await this.#withHardware(entry, () => entryOf(preset, false)), true);
  }

  /** The entry, or what is run in its place where there is no hardware for it. */
  async #withHardware(entry: Entry, without: () => Entry): Promise<Entry> {
    this.#absence = undefined;
    if (!entry.same || !entry.preset.withoutHardware) return entry;
    this.#absence = await hardwareAbsence();
    return this.#absence === undefined ? entry : without();
  }

  #enter(entry: Entry, step = false): void {
    this.#begin({ ...entry, notices: [] });
    this.#options.changed(step);
  }

  #changeShared(change: Change): void {
    const shared = { ...this.#entry.shared, ...change };
    if ('dataset' in change) {
      // Another set has other numbers of its own.
      for (const name of ['points', 'noise']) if (!(name in change)) delete shared[name];
    }
    this.#enter({ ...this.#entry, shared }, 'dataset' in change);
  }

  #changeLanes(contestants: Entry['contestants']): void {
    // From then on they are the visitor's own, named by what they are.
    const own = contestants.map(({ model, settings }) => ({ model, settings }));
    this.#absence = undefined;
    this.#enter({ ...this.#entry, same: false, contestants: own });
  }

  #changeLane(index: number, change: Change): void {
    this.#changeLanes(
      this.#entry.contestants.map((one, place) =>
        place === index ? { ...one, settings: { ...one.settings, ...change } } : one,
      ),
    );
  }

  #changeModel(index: number, model: Model | undefined): void {
    if (!model) return;
    this.#changeLanes(
      this.#entry.contestants.map((one, place) =>
        place === index ? { model, settings: {} } : one,
      ),
    );
  }

  /** What the play button does. */
  toggle(): void {
    if (this.#over) {
      this.#playing = true;
      this.#startAnew();
      return;
    }
    this.#playing = !this.#playing;
    for (const { panel } of this.#tracks) {
      if (this.#playing) panel.play();
      else panel.pause();
    }
    this.#show();
    this.#wake();
  }

  #startAnew(): void {
    this.#begin({ ...this.#entry, notices: [] });
  }

  /** Brings all contestants to iteration 0 of an entry; of several that come quickly the last counts. */
  #begin(entry: Entry): void {
    this.#entry = entry;
    this.#ready = false;
    this.#stale = true;
    this.#beginning ??= this.#work().finally(() => {
      this.#beginning = undefined;
    });
    this.#show();
  }

  async #work(): Promise<void> {
    while (this.#stale && !this.#life.signal.aborted) {
      this.#stale = false;
      await this.#beginOnce(this.#entry);
    }
    if (this.#life.signal.aborted) return;
    // By now the words of their settings are known.
    this.#lanes(this.#entry).forEach(({ label, why }, index) => {
      this.#tracks[index]?.panel.rename(label, why);
    });
    this.#ready = true;
    this.#clock.reset();
    this.#freed = false;
    for (const { panel } of this.#tracks) if (this.#playing) panel.play();
    if (!this.#opened) {
      this.#opened = true;
      this.#options.ready();
    }
    this.#show();
    this.#wake();
  }

  async #beginOnce(entry: Entry): Promise<void> {
    const lanes = this.#lanes(entry);
    const measure = measures[kindOf(entry)];
    const before = this.#tracks;
    this.#tracks = lanes.map((lane, index) => {
      const old = before[index];
      if (old?.experiment === lane.experiment) return old;
      old?.end();
      const track: Track = new Track(lane, index, this.#own, measure, this.#colours, {
        playing: this.#playing,
        changed: () => this.#show(),
        open: () => this.#open(track.panel.lane),
      });
      return track;
    });
    for (const track of before.slice(lanes.length)) track.end();
    this.#grid.replaceChildren(...this.#tracks.map(({ panel }) => panel.element));
    this.#grid.dataset.panels = String(lanes.length);
    for (const track of this.#tracks) if (!before.includes(track)) track.start();
    const said = await Promise.all(
      this.#tracks.map((track, index) =>
        track.begin(lanes[index] as Lane, entry.contestants[index]?.settings[corner] === true),
      ),
    );
    if (this.#stale || this.#life.signal.aborted) return;
    this.#tell([...entry.notices, ...said.flat()]);
    // Where the data sets of two models begin with different numbers, those of the first count.
    const first = this.#tracks[0]?.table?.settings;
    for (const name of ['points', 'noise', 'dataSeed']) {
      const values = this.#tracks.map(({ table }) => table?.settings[name]);
      const [wanted] = values;
      if (wanted !== undefined && values.some((value) => value !== wanted)) {
        entry.shared[name] = wanted;
        this.#stale = true;
      }
    }
    if (entry.shared.components === undefined && first?.components !== undefined) {
      entry.shared.components = first.components;
      this.#stale = true;
    }
  }

  #lanes({ contestants, shared }: Entry): Lane[] {
    const labels = labelsOf(
      contestants,
      this.#tracks.map(({ table }) => table?.schema),
    );
    return contestants.map((contestant, index) => {
      const settings = settingsOfContestant(contestant, shared);
      const { experiment, words } = contestant.model;
      const table = this.#tracks[index]?.table;
      // Small canvases have no room for small figures.
      const figures = experiment === 'sum-of-gaussians' || experiment === 'bayesian-mixture';
      return {
        label: labels[index] ?? '',
        why: table ? whyOf(contestant, table.schema, table.settings) : (contestant.why ?? words),
        experiment,
        settings: figures ? { ...settings, showFigures: false } : settings,
      };
    });
  }

  /** Opens one of them alone, in its own experiment. */
  #open({ experiment, settings: { backend: _, showFigures: __, ...settings } }: Lane): void {
    this.#options.follow(`#${encode({ experiment, settings, live: [] })}`);
  }

  #tell(notices: readonly string[]): void {
    const different = [...new Set(notices)];
    if (different.length > 0) this.#notices.show('calm', different.join(' '));
    else this.#notices.clear();
  }

  get #over(): boolean {
    return this.#ready && this.#tracks.every(({ panel }) => panel.over);
  }

  #running(): Track[] {
    return this.#tracks.filter(({ panel }) => !panel.over);
  }

  /** Iterations of the one that has done the fewest, of those that run. */
  #slowest(): number {
    const done = this.#running().map(({ panel }) => panel.report?.iteration ?? 0);
    return done.length > 0 ? Math.min(...done) : 0;
  }

  #wake(): void {
    if (this.#ticking || !this.#goesOn) return;
    this.#ticking = true;
    requestAnimationFrame((now) => {
      this.#ticking = false;
      this.#tick(now);
    });
  }

  get #goesOn(): boolean {
    const { aborted } = this.#life.signal;
    return this.#ready && this.#playing && this.#visible && !aborted && !this.#over;
  }

  #tick(now: number): void {
    if (!this.#goesOn) {
      this.#clock.pause();
      return;
    }
    const running = this.#running();
    const begun = this.#tracks.every(({ panel }) => panel.report !== undefined || panel.over);
    if (begun && this.#entry.against === 'seconds') {
      if (!this.#freed) for (const { panel } of running) panel.allow(Number.POSITIVE_INFINITY);
      this.#freed = true;
    } else if (begun) {
      const before = this.#clock.limit;
      this.#clock.tick(now, this.#slowest());
      const { limit } = this.#clock;
      if (limit !== before) for (const { panel } of running) panel.allow(limit);
    }
    this.#wake();
  }

  #showNow(): void {
    const { preset, same, contestants, against } = this.#entry;
    const kind = kindOf(this.#entry);
    const measure = measures[kind];
    const over = this.#over;
    // While they begin anew, the numbers of before would be told as those of now.
    const standings = this.#tracks.map(({ standing }) =>
      this.#ready ? standing : { ...standing, score: undefined, iterations: 0, seconds: 0 },
    );
    const { leaders, words, more } = verdictOf(standings, measure, over, against);
    setText(this.#winner, words);
    this.#winner.style.setProperty(
      '--leader',
      leaders.length === 1 ? conditionColour(leaders[0] ?? 0) : 'var(--track)',
    );
    setText(this.#more, [more, this.#absence && this.#inPlace()].filter(Boolean).join(' '));
    this.element.dataset.state = over ? 'over' : this.#playing ? 'running' : 'paused';
    this.#tracks.forEach(({ panel }, index) => {
      panel.element.classList.toggle('leads', leaders.includes(index));
    });
    const ahead = this.#tracks[leaders[0] ?? -1]?.panel.report;
    if (ahead) this.#article.show(ahead);
    this.#chart.show(
      {
        lines: this.#tracks.map(({ trace, panel }, index) => ({
          label: panel.lane.label,
          points: this.#ready ? trace.points : [],
          leads: leaders.includes(index),
        })),
        against,
        measure,
      },
      against === 'iterations' ? inStep : asFast,
    );
    this.#table.show(
      this.#tracks.map(({ panel }, index) =>
        rowOf(standings[index] ?? (undefined as never), panel.word, panel.report),
      ),
      leaders,
      measure,
    );
    this.#transport.show({
      over,
      playing: this.#playing,
      against,
      iterations: Math.max(0, ...standings.map(({ iterations }) => iterations)),
    });
    this.#presets.show(same ? preset : undefined);
    const [first] = this.#tracks;
    if (first?.table) {
      this.#shared.show(kind, first.table, this.#entry.shared, this.#own !== undefined);
    }
    this.#field.show(
      contestants.map((contestant, index) => ({
        contestant,
        label: this.#tracks[index]?.panel.lane.label ?? contestant.model.words,
        table: this.#tracks[index]?.table,
      })),
      kind,
    );
    const labels = this.#tracks.map(({ panel }) => panel.lane.label);
    this.#layout?.componentsDrawer.describe(labels.join(', '));
    const label = first?.panel.report?.dataset.label ?? '';
    this.#layout?.dataDrawer.describe(label);
    setText(
      this.#announcer,
      over ? `${words} ${more}` : this.#playing ? 'The race runs.' : 'The race is paused.',
    );
    if (this.#ready) this.#wake();
  }

  #inPlace(): string {
    return `${this.#absence ?? ''} So single precision runs against double, both on the processor.`;
  }
}
