import type { ComparisonCell, ComparisonPlan } from '../../pkg/gaussian_playground.js';
import { ArticleText } from '../article.ts';
import { Hints } from '../controls/hints.ts';
import { type Change, Controls } from '../controls/index.ts';
import { isShown, type Place, placeOf } from '../controls/placement.ts';
import { optionLabel } from '../controls/words.ts';
import { make, setText } from '../dom.ts';
import { workersHere } from '../engine/pool.ts';
import {
  type Attribute,
  errorMessage,
  type LinkedState,
  type OwnData,
  type Settings,
  settingsOf,
} from '../engine/protocol.ts';
import { count, plural } from '../format.ts';
import type { BoardOptions, BoardState, Inside } from '../inside.ts';
import { type Layout, makeLayout, makeMinimalLayout } from '../layout.ts';
import { linkTo } from '../links/address.ts';
import { settingsOfAttributes } from '../links/attributes.ts';
import { homeOf } from '../links/home.ts';
import { encode, type LinkState } from '../links/link.ts';
import { Notices } from '../notices.ts';
import { onceAFrame } from '../once-a-frame.ts';
import { Session } from '../session.ts';
import { openElsewhere, shareMenu } from '../share.ts';
import { missingFeature } from '../support.ts';
import { tabs } from '../tabs.ts';
import { Chart } from './chart.ts';
import { Progress } from './progress.ts';
import { Results } from './results.ts';
import { type Summary, sizesOf, summaries } from './statistics.ts';
import { type Course, type Study, studyOfPage } from './study.ts';
import { duration, error, large } from './words.ts';

/** What a link to one fit of the comparison says. */
function stateOf({ change }: ComparisonCell): LinkState {
  return { experiment: 'sum-of-gaussians', settings: change, live: [] };
}

/** The comparison on the page: settings, what they cost, and what came of the fits so far. */
export class ComparisonBoard implements Inside {
  readonly element: HTMLElement;
  readonly own: OwnData | undefined;
  readonly #options: BoardOptions;
  readonly #study: Study = studyOfPage();
  readonly #hints = new Hints();
  readonly #notices = new Notices();
  readonly #announcer = make('p', { class: 'visually-hidden announcer', role: 'status' });
  readonly #lost = make('p', { class: 'lost', role: 'alert', hidden: true });
  readonly #data = make('div', { class: 'controls' });
  readonly #chart: Chart;
  readonly #results: Results;
  readonly #progress: Progress;
  /** Absent where only the chart and one row are shown. */
  readonly #layout: Layout | undefined;
  #controls: Controls | undefined;
  #session: Session | undefined;
  readonly #life = new AbortController();
  #changing: Promise<void> = Promise.resolve();
  /** What was shown last: nothing is drawn anew for a tick of the clock. */
  #drawn = '';

  constructor(options: BoardOptions) {
    this.#options = options;
    // Not used here, but the next experiment may take them.
    this.own = options.own;
    const open = (cell: ComparisonCell): void => options.follow(`#${encode(stateOf(cell))}`);
    const address = (cell: ComparisonCell): string => linkTo(homeOf('index.html'), stateOf(cell));
    this.#chart = new Chart({
      open: ({ best }) => best && open(best),
      address: ({ best }) => (best ? address(best) : ''),
    });
    this.#results = new Results({ open, address });
    this.#progress = new Progress({
      // With what was changed last, also where that is still on its way.
      start: () => void this.#changing.then(() => this.#study.start()),
      pause: () => this.#study.pause(),
      resume: () => this.#study.resume(),
      cancel: () => this.#study.cancel(),
    });
    const common = {
      notices: this.#notices.element,
      troubles: this.#lost,
      stage: this.#chart.element,
      transport: this.#progress.buttons,
      readouts: this.#progress.numbers,
      timeline: this.#progress.bar,
    };
    if (options.minimal) {
      this.element = makeMinimalLayout(common, openElsewhere(options.share));
    } else {
      const share = shareMenu(options.share);
      this.#layout = makeLayout({
        ...common,
        experiment: options.experiment,
        actions: [options.themeButton, share.button, share.box],
        tabs: tabs(options.experiment, options.open),
        data: this.#data,
        follow: options.follow,
        article: new ArticleText(options.experiment.article, options.follow).element,
        components: this.#results.element,
      });
      this.element = this.#layout.element;
    }
    this.element.classList.add('comparison');
    this.element.append(this.#hints.element, this.#announcer);
  }

  start(): void {
    const { signal } = this.#life;
    const missing = missingFeature();
    if (missing) {
      this.#showLost(missing);
      return;
    }
    this.#chart.mount(signal);
    // Results of several Workers may come in one frame.
    this.#study.watch(
      onceAFrame(() => this.#show(), signal),
      signal,
    );
    this.#open().catch((problem: unknown) => this.#showLost(errorMessage(problem)));
  }

  /** The fits go on: the comparison is the page's, not the board's. */
  end(): void {
    this.#life.abort();
    // Nobody can come back to it from a page that has no such element any more.
    if (!this.#options.host.isConnected) this.#study.pause();
  }

  async #open(): Promise<void> {
    await this.#study.open();
    const { attributes, link, notices, ready } = this.#options;
    const given = settingsOfAttributes({ attributes }, this.#study.schema);
    const wanted = { ...given.settings, ...link?.settings };
    // Without any wishes it is as the visitor left it.
    const asked = link !== undefined || Object.keys(wanted).length > 0;
    const kept = asked ? undefined : this.#study.planned;
    const plan = kept ?? (await this.#study.plan(wanted));
    if (this.#life.signal.aborted) return;
    this.#makeControls(plan);
    this.#session = new Session(
      settingsOf(plan.settings),
      settingsOf(plan.normal),
      async (change) => ({ ...(await this.#study.change(change)), restarted: false }),
      (settings, normal) => this.#showSettings(settings, normal),
    );
    this.#tell([...notices, ...given.notices, ...(link ? plan.notices : [])]);
    this.#show();
    ready();
  }

  #makeControls({ normal }: ComparisonPlan): void {
    const layout = this.#layout;
    if (!layout) return;
    // What runs has its settings already: no change restarts anything.
    const schema = this.#study.schema.map((setting) => ({ ...setting, restarts: false }));
    const change = (wanted: Change): void => {
      this.#changing = this.#change(wanted);
    };
    this.#controls = new Controls(schema, settingsOf(normal), this.#hints, change);
    const places: Partial<Record<Place, HTMLElement>> = {
      lead: layout.lead,
      data: this.#data,
      model: layout.model,
      fit: layout.fit,
      more: layout.more,
      // A comparison has nothing to play and no layers.
      transport: layout.fit,
      view: layout.fit,
      under: layout.under,
    };
    for (const setting of schema) {
      const control = this.#controls.element(setting.name);
      if (control) places[placeOf(setting)]?.append(control);
    }
    for (const place of [layout.model, layout.more]) {
      const group = place.closest<HTMLElement>(place === layout.more ? '.more' : '.section');
      if (group) group.hidden = place.childElementCount === 0;
    }
  }

  #showSettings(settings: Settings, normal: Settings): void {
    this.#controls?.show(settings, normal);
    for (const setting of this.#study.schema) {
      const control = this.#controls?.element(setting.name);
      if (control) control.hidden = !isShown(setting, settings);
    }
    const size = this.#study.schema.find(({ name }) => name === 'size');
    this.#layout?.modelDrawer.describe(optionLabel(size, String(settings.size)).toLowerCase());
  }

  async #change(change: Change): Promise<void> {
    try {
      const configured = await this.#session?.change(change);
      this.#tell(configured?.notices ?? []);
      this.#options.changed(false);
    } catch (problem) {
      this.#notices.show('error', errorMessage(problem));
    }
  }

  #tell(notices: readonly string[]): void {
    if (notices.length > 0) this.#notices.show('calm', notices.join(' '));
    else this.#notices.clear();
  }

  #showLost(sentence: string): void {
    setText(this.#lost, sentence);
    this.#lost.hidden = false;
    this.#progress.switchOff();
  }

  #show(): void {
    const study = this.#study;
    const { course, planned } = study;
    const session = this.#session;
    // What was planned before is not what this board was asked for.
    if (!planned || !session) return;
    session.follow(settingsOf(planned.settings), settingsOf(planned.normal));
    this.#progress.show({
      course,
      progress: study.progress,
      remaining: study.remaining,
      seconds: study.seconds,
      cost: this.#cost(planned),
      outdated: study.outdated,
    });
    const done = course?.results.filter((result) => result !== undefined).length ?? 0;
    const drawn = `${JSON.stringify((course?.plan ?? planned).settings)} ${done}`;
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      const lines = course ? summaries(course) : [];
      const { conditions, cells, settings } = course?.plan ?? planned;
      this.#chart.show({
        conditions,
        summaries: lines,
        sizes: sizesOf(cells),
        truth: settings.trueGaussians,
      });
      this.#results.show(course, lines);
    }
    this.#layout?.dataDrawer.describe(plural(planned.settings.trueGaussians, 'true Gaussian'));
    this.#layout?.componentsDrawer.describe(
      course ? `${count(done)} of ${count(course.results.length)} fits` : '',
    );
    this.#announce(course);
  }

  /** What is to be run, before anything runs. */
  #cost({ cells, conditions, pairs }: ComparisonPlan): string {
    const sizes = sizesOf(cells);
    const sets = new Set(cells.map(({ dataSet }) => dataSet)).size;
    const starts = new Set(cells.map(({ start }) => start)).size;
    const { estimate } = this.#study;
    const about = (seconds: number): string => `${seconds < 1 ? '' : 'about '}${duration(seconds)}`;
    const time = estimate === undefined ? 'time: being measured' : about(estimate);
    const workers = Math.min(workersHere(), cells.length);
    return (
      `${plural(cells.length, 'fit')}: ${plural(conditions.length, 'condition')} × ` +
      `${plural(sizes.length, 'size')} (K = ${sizes.join(', ')}) × ${plural(sets, 'data set')} × ` +
      `${plural(starts, 'start')}. ${large(pairs)} pairs of a point and a Gaussian, ${time} ` +
      `on ${plural(workers, 'core')}.`
    );
  }

  #announce(course: Course | undefined): void {
    setText(this.#announcer, course ? this.#said(course) : '');
  }

  /** Said when it changes, so without numbers that tick. */
  #said(course: Course): string {
    const failed = course.results.filter((result) => (result?.failure ?? '') !== '').length;
    const failures = failed > 0 ? ` ${plural(failed, 'fit')} failed.` : '';
    switch (course.state) {
      case 'running':
        return 'The comparison runs.';
      case 'paused':
        return 'The comparison is paused.';
      case 'cancelled':
        return 'The comparison was cancelled. What came of it so far stays.';
      case 'over':
        return `The comparison is over.${failures} ${this.#bestInWords(course)}`;
    }
  }

  #bestInWords(course: Course): string {
    const best = summaries(course)
      .flat()
      .filter(({ n }) => n > 0)
      .sort((a: Summary, b: Summary) => a.mean - b.mean)[0];
    if (!best) return '';
    const { label = '' } = course.plan.conditions[best.condition] ?? {};
    return `Least mean test error: ${error(best.mean)}, ${label}, ${plural(best.components, 'Gaussian')}.`;
  }

  /** The style sheet does it. */
  recolour(): void {}

  get settings(): Settings | undefined {
    return this.#session?.settings;
  }

  async state(): Promise<BoardState | undefined> {
    const session = this.#session;
    if (!session) return undefined;
    const { settings, normal } = session;
    const report = { components: [], edited: false, dataset: { points: 0 } };
    return { settings, starting: settings, normal, live: [], report };
  }

  points(): never {
    throw new Error('A comparison has no points of its own.');
  }

  openLink({ settings }: LinkedState, notices: readonly string[] = [], pressed = false): void {
    this.#study.plan(settings).then(
      (plan) => {
        this.#session?.accept(plan);
        this.#tell([...notices, ...plan.notices]);
        if (pressed) this.#options.changed(true);
      },
      (problem: unknown) => this.#notices.show('error', errorMessage(problem)),
    );
  }

  configureByAttributes(attributes: Attribute[]): void {
    const { settings, notices } = settingsOfAttributes({ attributes }, this.#study.schema);
    this.#tell(notices);
    if (Object.keys(settings).length > 0) void this.#change(settings);
  }
}
