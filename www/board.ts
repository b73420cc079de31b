import type { Configured, Setting } from '../pkg/gaussian_playground.js';
import { Announcer } from './announcer.ts';
import { ArticleText } from './article.ts';
import { Hints } from './controls/hints.ts';
import { type Change, Controls } from './controls/index.ts';
import { isShown, type Place, placeOf } from './controls/placement.ts';
import { optionLabel } from './controls/words.ts';
import { ColumnsDialog } from './data/columns-dialog.ts';
import { acceptDrops, copyFile, DataPanel } from './data/data-panel.ts';
import { OwnTables } from './data/own-tables.ts';
import { PasteDialog } from './data/paste-dialog.ts';
import { Tools } from './data/tools.ts';
import { make } from './dom.ts';
import { Client, WorkerDied } from './engine/client.ts';
import {
  type Attribute,
  errorFix,
  errorMessage,
  type LinkedState,
  type Opened,
  type OwnData,
  type Report,
  type Settings,
  settingsOf,
  type Update,
} from './engine/protocol.ts';
import { BackendNote } from './fit/backend-note.ts';
import { ComponentTable, weightsInWords } from './fit/component-table.ts';
import { Figures } from './fit/figures.ts';
import { Gestures } from './fit/gestures.ts';
import { Layers } from './fit/layers.ts';
import { Measures } from './fit/measures.ts';
import { PlayedSlider } from './fit/played-slider.ts';
import { describeCanvas, PointTooltip } from './fit/point-tooltip.ts';
import { Readouts } from './fit/readouts.ts';
import { RecoveredTable } from './fit/recovered.ts';
import { listenForShortcuts } from './fit/shortcuts.ts';
import { Stage } from './fit/stage.ts';
import { Timeline } from './fit/timeline.ts';
import { Transport } from './fit/transport.ts';
import { Troubles } from './fit/troubles.ts';
import { plural } from './format.ts';
import type { BoardOptions, BoardState, Inside } from './inside.ts';
import { type Layout, makeLayout, makeMinimalLayout } from './layout.ts';
import { settingsOfAttributes } from './links/attributes.ts';
import { Notices } from './notices.ts';
import { makeParts, type Part } from './parts/index.ts';
import { saveMenu } from './save.ts';
import { Session } from './session.ts';
import { openElsewhere, shareMenu } from './share.ts';
import { Comparing } from './side-by-side/comparing.ts';
import { missingFeature } from './support.ts';
import { tabs } from './tabs.ts';
import { Colours } from './theme.ts';

/** One experiment on the page: puts the parts together and carries news between them. */
export class Board implements Inside {
  readonly element: HTMLElement;
  readonly #options: BoardOptions;
  readonly #colours = new Colours();
  readonly #hints = new Hints();
  readonly #notices = new Notices();
  readonly #announcer = new Announcer();
  readonly #backend = new BackendNote();
  readonly #readouts = new Readouts();
  readonly #measures = new Measures();
  readonly #timeline: Timeline;
  readonly #tooltip = new PointTooltip((x, y) => this.#client.pointAt(x, y));
  readonly #figures = new Figures((figure) => void this.#change({ figure }));
  readonly #stage: Stage;
  readonly #client: Client;
  readonly #transport: Transport;
  readonly #troubles: Troubles;
  readonly #components: ComponentTable;
  readonly #recovered = new RecoveredTable();
  readonly #article: ArticleText;
  readonly #tools: Tools;
  readonly #data: DataPanel;
  readonly #tables: OwnTables;
  readonly #paste: PasteDialog;
  readonly #columns: ColumnsDialog;
  /** Absent where only the canvas and one row are shown. */
  readonly #layout: Layout | undefined;
  #schema: Setting[] = [];
  #controls: Controls | undefined;
  #layers: Layers | undefined;
  readonly #comparing: Comparing;
  /** What only this experiment has beside its canvas. */
  readonly #parts: readonly Part[];
  readonly #recoloured: (() => void)[] = [];
  #session: Session | undefined;
  #report: Report | undefined;
  #playing = false;
  readonly #life = new AbortController();

  constructor(options: BoardOptions) {
    this.#options = options;
    const { experiment, link } = options;
    // The points of a link are the visitor's own from then on.
    const own = link?.points ? { points: link.points } : options.own;
    this.#client = new Client(
      {
        canvas: (canvas) => this.#stage.put(canvas),
        opened: (opened) => this.#opened(opened),
        update: (update) => this.#update(update),
        restarted: (playing) => this.#restarted(playing),
        lost: (message) => this.#lost(message),
      },
      {
        experiment: experiment.core,
        beginning: experiment.start,
        size: { width: 1, height: 1, pixelRatio: 1 },
        // Read from the style sheet once the element is in the page.
        palette: this.#colours.palette(),
        playing: options.playing,
        visible: true,
        tables: 0,
        attributes: options.attributes,
        ...(link ? { link } : {}),
        ...(own ? { own } : {}),
      },
    );
    this.#stage = new Stage([this.#tooltip.element, this.#figures.element], {
      zoom: (factor) => {
        const { width, height } = this.#stage.size();
        this.#client.zoom(factor, width / 2, height / 2);
        options.changed(false);
      },
      resetView: () => {
        this.#client.resetView();
        options.changed(false);
      },
    });
    this.#timeline = new Timeline(this.#colours, {
      seek: (iteration) => this.#client.seek(iteration),
    });
    const actions = {
      play: () => this.#client.play(),
      pause: () => this.#client.pause(),
      step: () => this.#client.step(),
      stepBack: () => this.#client.stepBack(),
      halfStep: () => this.#client.halfStep(),
      reset: () => this.#client.reset(),
      resetAnew: () => void this.#resetAnew(),
    };
    this.#transport = new Transport(actions, experiment.core === 'em-mixture');
    this.#troubles = new Troubles(({ kind, components }) => {
      this.#edit(this.#client.repair(kind, components[0] ?? 0)).then(
        () => this.#client.play(),
        () => {},
      );
    });
    this.#components = new ComponentTable({
      moveToWorst: (index) => this.#client.moveToWorst(index),
      lookAt: (index) => this.#client.lookAt(index),
    });
    this.#tools = new Tools(
      {
        endStroke: () => this.#do(this.#client.endStroke()),
        undo: () => this.#do(this.#client.undo()),
        redo: () => this.#do(this.#client.redo()),
      },
      (tool) => this.#stage.showTool(tool),
    );
    this.#tables = new OwnTables(this.#client, experiment.further, {
      choose: (table) => this.#columns.open(table),
      used: (configured) => this.#took(configured),
    });
    this.#paste = new PasteDialog((text) => this.#tables.read(new Blob([text]), 'Pasted data'));
    this.#columns = new ColumnsDialog(experiment.further, {
      check: (columns, weight) => this.#tables.check(columns, weight),
      use: (columns, weight) => this.#tables.use(columns, weight),
    });
    this.#data = new DataPanel(this.#tools.element, {
      file: (file) => this.#openFile(file),
      paste: () => this.#paste.open(),
      sample: (count) => this.#do(this.#client.sample(count)),
    });
    this.#article = new ArticleText(experiment.article, options.follow);
    this.#comparing = new Comparing({
      core: experiment.core,
      name: experiment.name,
      client: this.#client,
      colours: this.#colours,
      problem: () => {
        const settings = this.#session?.shown;
        const known = this.#report?.recovered.length ?? 0;
        return settings && { settings, known, schema: this.#schema };
      },
      playing: () => this.#playing,
      show: (view) => {
        this.element.classList.toggle('compared', view !== undefined);
        if (view) (this.#layout?.center ?? this.element).append(view);
      },
      focus: () => this.#stage.canvas.focus(),
      open: (change) => this.#change(change),
      changed: () => options.changed(true),
      tell: (sentence) => this.#tell([sentence]),
    });
    this.#parts = options.minimal
      ? []
      : makeParts(experiment.parts ?? [], {
          client: this.#client,
          colours: this.#colours,
          schema: () => this.#schema,
          change: (change) => this.#change(change),
          tell: (sentence) => this.#tell([sentence]),
          recoloured: (listener) => this.#recoloured.push(listener),
          signal: this.#life.signal,
        });
    const common = {
      notices: this.#notices.element,
      troubles: this.#troubles.element,
      stage: this.#stage.element,
      transport: this.#transport.element,
      readouts: this.#readouts.element,
      timeline: this.#timeline.element,
    };
    if (options.minimal) {
      this.element = makeMinimalLayout(common, openElsewhere(options.share));
    } else {
      const save = saveMenu(this.#client, this.#timeline, () => this.#shown(), this.#refuse);
      const share = shareMenu(options.share);
      this.#layout = makeLayout({
        ...common,
        experiment,
        actions: [options.themeButton, save.button, share.button, save.box, share.box],
        tabs: tabs(experiment, options.open),
        data: this.#data.element,
        follow: options.follow,
        sideBySide: this.#comparing.buttons,
        besides: this.#parts,
        article: this.#article.element,
        recovered: this.#recovered.element,
        components: make('div', {}, this.#table(), this.#measures.element),
      });
      this.element = this.#layout.element;
    }
    this.element.append(
      this.#paste.element,
      this.#columns.element,
      this.#hints.element,
      this.#colours.element,
      this.#announcer.element,
    );
  }

  /** The table of components, folded away where a part of the page stands instead of it. */
  #table(): HTMLElement {
    const { element } = this.#components;
    if (!this.#parts.some(({ place }) => place === 'instead')) return element;
    return make('details', { class: 'all-numbers' }, make('summary', {}, 'All numbers'), element);
  }

  /** Call once the element is in the page. */
  start(): void {
    const { signal } = this.#life;
    const missing = missingFeature();
    if (missing) {
      this.#switchOff(missing);
      return;
    }
    this.#timeline.mount(signal);
    this.#stage.watchSize((size) => this.#client.resize(size), signal);
    this.#stage.watchVisibility((visible) => this.#client.setVisible(visible), signal);
    this.#tooltip.listen(this.#stage.element, signal);
    const gestures = new Gestures(
      this.#stage.element,
      this.#client,
      this.#tools,
      (done) => void this.#released(done),
      (place) => this.#tooltip.lookAt(place),
    );
    gestures.listen(this.#stage.canvas, signal);
    listenForShortcuts(
      [this.#stage.canvas, this.#transport.element],
      {
        toggle: () => this.#transport.toggle(),
        step: () => this.#client.step(),
        stepBack: () => this.#client.stepBack(),
      },
      signal,
    );
    acceptDrops(
      this.#options.host,
      {
        file: (file) => this.#openFile(file),
        text: (text) => this.#openText(text),
        over: (over) => this.#stage.showDrop(over),
      },
      signal,
    );
    this.#client.setPalette(this.#colours.palette());
    this.#client.resize(this.#stage.size());
    void this.#client.open();
  }

  /** Ends the Worker and stops listening; a board is not started twice. */
  end(): void {
    this.#life.abort();
    this.#comparing.end();
    this.#client.close();
  }

  /** Takes the colours anew from the style sheet. */
  recolour(): void {
    this.#client.setPalette(this.#colours.palette());
    this.#timeline.redraw();
    this.#comparing.recolour();
    for (const listener of this.#recoloured) listener();
  }

  /** The settings in force; `undefined` until the fit has begun. */
  get settings(): Settings | undefined {
    return this.#session?.settings;
  }

  /** Data of the visitor's own, for another experiment to go on with. */
  get own(): OwnData | undefined {
    return this.#client.own;
  }

  /** What a link carries; `undefined` until the fit has begun. */
  async state(): Promise<BoardState | undefined> {
    const session = this.#session;
    const report = this.#report;
    if (!session || !report) return undefined;
    const { live, ...traits } = await this.#client.traits();
    const { settings, normal } = session;
    // What was changed on the way was something else at the start.
    const before = live.filter(({ iteration }) => iteration === 0);
    const starting = {
      ...settings,
      ...Object.fromEntries(before.map(({ name, value }) => [name, value])),
    };
    const later = live.filter(({ iteration }) => iteration > 0);
    const { name } = this.#comparing;
    const compare = name === undefined ? {} : { compare: name };
    return { ...traits, live: later, settings, starting, normal, report, ...compare };
  }

  /** The data, for a link that carries points. */
  points(): ReturnType<Client['points']> {
    return this.#client.points();
  }

  /** Brings the experiment to where a link says; one that was pressed here also plays, and is a step to go back. */
  openLink(link: LinkedState, notices: readonly string[] = [], pressed = false): void {
    this.#client.openLink(link).then((configured) => {
      this.#took(configured);
      // Where components were put, the report at hand does not tell yet; the address has been given the link.
      if (link.placed.length === 0) this.#options.changed(pressed);
      this.#tell([...notices, ...configured.notices]);
      if (this.#options.playing || pressed) this.#client.play();
      this.#comparing.openLink(link, this.#options.playing || pressed);
    }, this.#refuse);
  }

  /** Takes settings from attributes, as their controls would give them. */
  configureByAttributes(attributes: Attribute[]): void {
    const { settings, notices } = settingsOfAttributes({ attributes }, this.#schema);
    this.#tell(notices);
    if (Object.keys(settings).length > 0) void this.#change(settings);
  }

  #opened({ schema, settings, normal, notices }: Opened): void {
    // A new Worker brings the same schema, so the controls stay.
    if (this.#session) {
      this.#session.accept({ settings, normal });
      return;
    }
    this.#schema = schema;
    this.#makeControls(schema, settingsOf(normal));
    this.#session = new Session(
      settingsOf(settings),
      settingsOf(normal),
      (change) => this.#client.configure(change),
      (inForce, usual) => this.#show(inForce, usual),
    );
    this.#tell([...this.#options.notices, ...notices]);
    const { link, playing } = this.#options;
    if (link) this.#comparing.openLink(link, playing);
  }

  #makeControls(schema: Setting[], normal: Settings): void {
    const change = (wanted: Change): void => void this.#change(wanted);
    const onCanvas = (setting: Setting): boolean => placeOf(setting) === 'view';
    const layers = schema.filter(onCanvas);
    const others = schema.filter((setting) => !onCanvas(setting) && placeOf(setting) !== 'part');
    this.#layers = new Layers(layers, change);
    this.#stage.putLayers(this.#layers.element);
    const layout = this.#layout;
    if (!layout) return;
    this.#controls = new Controls(others, normal, this.#hints, change);
    const places: Partial<Record<Place, HTMLElement>> = {
      lead: layout.lead,
      data: this.#data.controls,
      model: layout.model,
      fit: layout.fit,
      more: layout.more,
      transport: this.#transport.speed,
      view: this.#layers.element,
      under: layout.under,
    };
    for (const setting of others) {
      const control = this.#controls.element(setting.name);
      if (control) places[placeOf(setting)]?.append(this.#played(setting, control));
    }
    layout.fit.append(this.#backend.element);
  }

  /** What is looked at below the canvas can be played through its range. */
  #played(setting: Setting, control: HTMLElement): HTMLElement {
    if (placeOf(setting) !== 'under') return control;
    const change = (wanted: Change): Promise<void> => this.#change(wanted);
    return new PlayedSlider(setting, control, change, this.#life.signal).element;
  }

  #show(settings: Settings, normal: Settings): void {
    this.#controls?.show(settings, normal);
    this.#layers?.show(settings);
    this.#comparing.follow();
    // What lies over the canvas makes room for what a figure has there.
    this.#stage.element.dataset.figure = String(settings.figure ?? '');
    const { hidden, start, summary } = this.#options.experiment;
    // "Your data" can be chosen once there is some.
    const given = this.#client.own !== undefined || settings.dataset === 'own';
    for (const setting of this.#schema) {
      const control = this.#controls?.element(setting.name);
      if (!control) continue;
      const left =
        setting.name === 'dataset' ? given : settings[setting.name] !== normal[setting.name];
      const kept = hidden.includes(setting.name) && !left;
      control.hidden = kept || !isShown(setting, settings);
    }
    const own = hidden.includes('dataset') ? [start.dataset, settings.dataset] : undefined;
    for (const option of this.#controls?.element('dataset')?.querySelectorAll('option') ?? []) {
      const shown = option.value === 'own' ? given : (own?.includes(option.value) ?? true);
      option.hidden = option.disabled = !shown;
    }
    this.#layout?.modelDrawer.describe(
      summary.map((name) => this.#label(name, settings).toLowerCase()).join(', '),
    );
  }

  #label(name: string, settings: Settings): string {
    const setting = this.#schema.find((candidate) => candidate.name === name);
    return optionLabel(setting, String(settings[name]));
  }

  async #change(change: Change): Promise<void> {
    const session = this.#session;
    if (!session) return;
    try {
      const configured = await session.change(change);
      this.#tell(configured?.notices ?? []);
      this.#options.changed('dataset' in change);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Another seed for the start: what the die of the seed does. */
  async #resetAnew(): Promise<void> {
    const seed = Number(this.#session?.settings.seed ?? 0);
    // Never the same seed twice in a row: a throw has to be seen.
    const next = Math.floor(Math.random() * 999);
    await this.#change({ seed: next >= seed ? next + 1 : next });
  }

  #openFile(file: File): void {
    copyFile(file)
      .then((copy) => this.#tables.read(copy, file.name))
      .catch((error: unknown) => this.#refuse(error));
  }

  #openText(text: string): void {
    this.#tables
      .read(new Blob([text]), 'Dropped data')
      .catch((error: unknown) => this.#refuse(error));
  }

  /** Follows what was let go of: where it was part of the data, the fit has started anew. */
  async #released(done: Promise<Configured | undefined>): Promise<void> {
    try {
      const configured = await done;
      if (configured) this.#took(configured);
      this.#options.changed(configured !== undefined);
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Shows what a change came to, or why it could not be; passes both on. */
  async #edit(change: Promise<Configured>): Promise<Configured> {
    try {
      const configured = await change;
      this.#took(configured);
      this.#options.changed(false);
      return configured;
    } catch (error) {
      this.#refuse(error);
      throw error;
    }
  }

  #do(change: Promise<Configured>): void {
    this.#edit(change).catch(() => {});
  }

  /** Follows settings that came into force, and says what had to be changed. */
  #took(configured: Configured): void {
    this.#session?.accept(configured);
    this.#tell(configured.notices);
  }

  #tell(notices: readonly string[]): void {
    if (notices.length > 0) this.#notices.show('calm', notices.join(' '));
    else this.#notices.clear();
  }

  readonly #refuse = (error: unknown): void => {
    // The death of a Worker has its own sentence.
    if (error instanceof WorkerDied) return;
    const fix = errorFix(error);
    this.#notices.show(
      'error',
      errorMessage(error),
      fix && { words: fix.label, act: () => void this.#change(fix.change) },
    );
  };

  #shown(): { experiment: string; settings: Settings; report: Report } | undefined {
    if (!this.#session || !this.#report) return undefined;
    const { settings } = this.#session;
    return { experiment: this.#options.experiment.name, settings, report: this.#report };
  }

  #update({ report, figures, playing }: Update): void {
    const first = this.#report === undefined;
    this.#report = report;
    this.#playing = playing;
    if (first) this.#options.ready();
    if (report.settings) {
      const normal = this.#session?.normal ?? {};
      this.#session?.follow(settingsOf(report.settings), normal);
    }
    this.#figures.show(figures);
    this.#comparing.follow();
    this.#transport.show(report, playing);
    this.#readouts.show(report, playing);
    this.#announcer.show(report, playing);
    this.#timeline.show(report, playing);
    this.#troubles.show(report);
    this.#components.show(report);
    this.#recovered.show(report, this.#session?.settings.showTruth !== false);
    this.#measures.show(report);
    const shown = this.#session?.shown;
    if (shown) for (const part of this.#parts) part.show(report, shown);
    this.#article.show(report);
    this.#data.show(report);
    this.#tools.show(report);
    this.#stage.describe(describeCanvas(report));
    this.#tooltip.show(report);
    const { label, points } = report.dataset;
    this.#layout?.dataDrawer.describe(points > 0 ? `${label}, ${plural(points, 'point')}` : label);
    this.#layout?.componentsDrawer.describe(weightsInWords(report));
    this.#backend.show(report);
    if (report.backendNotice !== '') this.#notices.show('error', report.backendNotice);
    // A failure that can be mended says so itself.
    const mended = report.troubles.some(({ fix }) => fix !== '');
    if (report.state === 'failed' && report.message !== '' && !mended) {
      this.#notices.show('error', report.message);
    }
  }

  #restarted(playing: boolean): void {
    this.#notices.show(
      'error',
      playing
        ? 'The fit broke down. It was started again with the same data and settings, from where it last was.'
        : 'The fit broke down and was set up again with the same data and settings. Press play to go on.',
    );
  }

  /** Nothing can be fitted here; a sentence in place of the canvas says why. */
  #switchOff(sentence: string): void {
    this.#stage.showLost(sentence);
    this.#readouts.showLost();
    this.#transport.showLost();
  }

  #lost(message: string): void {
    this.#switchOff('The fit cannot be kept running here. Reload the page to start over.');
    this.#notices.show('error', `The fit broke down: ${message}`);
  }
}
