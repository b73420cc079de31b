import type { Setting } from '../pkg/gaussian_playground.js';
import { Hints } from './controls/hints.ts';
import { type Change, Controls } from './controls/index.ts';
import { isShown, placeOf } from './controls/placement.ts';
import { optionLabel } from './controls/words.ts';
import { ColumnsDialog } from './data/columns-dialog.ts';
import { acceptDrops, copyFile, DataPanel } from './data/data-panel.ts';
import { OwnData } from './data/own-data.ts';
import { PasteDialog } from './data/paste-dialog.ts';
import { make } from './dom.ts';
import { Client, WorkerDied } from './engine/client.ts';
import {
  errorMessage,
  type Opened,
  type Settings,
  settingsOf,
  type Update,
} from './engine/protocol.ts';
import { type Experiment, experimentNamed, type Try } from './experiments.ts';
import { BackendNote } from './fit/backend-note.ts';
import { ComponentTable, weightsInWords } from './fit/component-table.ts';
import { Measures } from './fit/measures.ts';
import { describeCanvas, PointTooltip } from './fit/point-tooltip.ts';
import { Readouts } from './fit/readouts.ts';
import { Stage } from './fit/stage.ts';
import { Timeline } from './fit/timeline.ts';
import { Transport } from './fit/transport.ts';
import { plural } from './format.ts';
import { type Layout, makeLayout } from './layout.ts';
import { Notices } from './notices.ts';
import { Session } from './session.ts';
import { styleSheets } from './styles/index.ts';
import { missingFeature } from './support.ts';
import { tabs } from './tabs.ts';
import { Colours, currentTheme, watchTheme } from './theme.ts';
import { tryLinks } from './tries.ts';

/** `<gaussian-playground>`: puts the parts together and carries news between them. */
export class GaussianPlayground extends HTMLElement {
  readonly #experiment: Experiment;
  readonly #colours = new Colours();
  readonly #hints = new Hints();
  readonly #notices = new Notices();
  readonly #backend = new BackendNote();
  readonly #readouts = new Readouts();
  readonly #measures = new Measures();
  readonly #timeline = new Timeline(this.#colours);
  readonly #tooltip = new PointTooltip((x, y) => this.#client.pointAt(x, y));
  readonly #stage = new Stage(this.#tooltip.element);
  readonly #client: Client;
  readonly #transport: Transport;
  readonly #components: ComponentTable;
  readonly #data: DataPanel;
  readonly #own: OwnData;
  readonly #paste: PasteDialog;
  readonly #columns: ColumnsDialog;
  readonly #layout: Layout;
  #schema: Setting[] = [];
  #controls: Controls | undefined;
  #session: Session | undefined;
  #connection: AbortController | undefined;

  constructor() {
    super();
    this.#experiment = experimentNamed(this.getAttribute('experiment'));
    this.#client = new Client(
      {
        canvas: (canvas) => this.#stage.put(canvas),
        opened: (opened) => this.#opened(opened),
        update: (update) => this.#update(update),
        restarted: (playing) => this.#restarted(playing),
        lost: (message) => this.#lost(message),
      },
      {
        experiment: this.#experiment.name,
        size: { width: 1, height: 1, pixelRatio: 1 },
        theme: currentTheme(),
        playing: true,
        visible: true,
        tables: 0,
      },
    );
    this.#transport = new Transport({
      play: () => this.#client.play(),
      pause: () => this.#client.pause(),
      step: () => this.#client.step(),
      reset: () => this.#client.reset(),
    });
    this.#components = new ComponentTable((index) => this.#client.moveToWorst(index));
    this.#own = new OwnData(this.#client, {
      choose: (table) => this.#columns.open(table),
      used: (configured) => {
        this.#session?.accept(configured);
        this.#tell(configured.notices);
      },
    });
    this.#paste = new PasteDialog((text) => this.#own.read(new Blob([text]), 'Pasted data'));
    this.#columns = new ColumnsDialog({
      check: (columns) => this.#own.check(columns),
      use: (columns) => this.#own.use(columns),
    });
    this.#data = new DataPanel(
      { file: (file) => this.#openFile(file), paste: () => this.#paste.open() },
      this.#experiment.ownData ?? true,
    );
    this.#layout = makeLayout({
      experiment: this.#experiment,
      tabs: tabs(this.#experiment),
      notices: this.#notices.element,
      stage: this.#stage.element,
      transport: this.#transport.element,
      readouts: this.#readouts.element,
      timeline: this.#timeline.element,
      data: this.#data.element,
      tries: tryLinks(this.#experiment.tries, (chosen) => void this.#try(chosen)),
      components: make('div', {}, this.#components.element, this.#measures.element),
    });
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = styleSheets();
    root.append(
      this.#layout.element,
      this.#paste.element,
      this.#columns.element,
      this.#hints.element,
      this.#colours.element,
    );
  }

  connectedCallback(): void {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const missing = missingFeature();
    if (missing) {
      this.#switchOff(missing);
      return;
    }
    this.#timeline.mount(signal);
    this.#stage.watchSize((size) => this.#client.resize(size), signal);
    this.#stage.watchVisibility((visible) => this.#client.setVisible(visible), signal);
    this.#tooltip.listen(this.#stage.element, signal);
    watchTheme((theme) => {
      this.#client.setTheme(theme);
      this.#timeline.redraw();
    }, signal);
    acceptDrops(
      this,
      {
        file: (file) => this.#openFile(file),
        text: (text) => this.#openText(text),
        over: (over) => this.#stage.showDrop(over),
      },
      signal,
    );
    this.#client.resize(this.#stage.size());
    this.#client.setTheme(currentTheme());
    void this.#client.open();
  }

  disconnectedCallback(): void {
    this.#connection?.abort();
    this.#client.close();
  }

  #opened({ schema, settings, normal }: Opened): void {
    // A new Worker brings the same schema, so the controls stay.
    if (this.#session) {
      this.#session.accept({ settings, normal });
      return;
    }
    this.#schema = schema;
    this.#controls = new Controls(
      schema,
      settingsOf(normal),
      this.#hints,
      (change) => void this.#change(change),
    );
    const places = {
      lead: this.#layout.lead,
      data: this.#data.controls,
      model: this.#layout.model,
      fit: this.#layout.fit,
      more: this.#layout.more,
      transport: this.#transport.speed,
    };
    for (const setting of schema) {
      const control = this.#controls.element(setting.name);
      if (control) places[placeOf(setting)].append(control);
    }
    this.#layout.fit.append(this.#backend.element);
    this.#session = new Session(
      settingsOf(settings),
      settingsOf(normal),
      (change) => this.#client.configure(change),
      (inForce, usual) => this.#show(inForce, usual),
    );
  }

  #show(settings: Settings, normal: Settings): void {
    this.#controls?.show(settings, normal);
    for (const setting of this.#schema) {
      const control = this.#controls?.element(setting.name);
      if (control) control.hidden = !isShown(setting, settings);
    }
    // "Your data" can be chosen once there is some.
    const choice = this.#controls?.element('dataset');
    for (const option of choice?.querySelectorAll('option') ?? []) {
      if (option.value === 'own') option.hidden = option.disabled = !this.#own.given;
    }
    this.#layout.modelDrawer.describe(
      this.#experiment.summary.map((name) => this.#label(name, settings).toLowerCase()).join(', '),
    );
  }

  #label(name: string, settings: Settings): string {
    const setting = this.#schema.find((candidate) => candidate.name === name);
    return optionLabel(setting, String(settings[name]));
  }

  async #change(change: Change): Promise<void> {
    try {
      const configured = await this.#session?.change(change);
      this.#tell(configured?.notices ?? []);
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #try({ change }: Try): Promise<void> {
    try {
      const configured = await this.#client.begin(change);
      this.#session?.accept(configured);
      this.#tell(configured.notices);
      this.#client.play();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #openFile(file: File): void {
    copyFile(file)
      .then((copy) => this.#own.read(copy, file.name))
      .catch((error: unknown) => this.#refuse(error));
  }

  #openText(text: string): void {
    this.#own.read(new Blob([text]), 'Dropped data').catch((error: unknown) => this.#refuse(error));
  }

  #tell(notices: string[]): void {
    if (notices.length > 0) this.#notices.show('calm', notices.join(' '));
    else this.#notices.clear();
  }

  #refuse(error: unknown): void {
    // The death of a Worker has its own sentence.
    if (error instanceof WorkerDied) return;
    this.#notices.show('error', errorMessage(error));
  }

  #update({ report, playing }: Update): void {
    const finished = report.state !== 'running';
    this.#transport.show(playing, finished);
    this.#readouts.show(report, playing);
    this.#timeline.show(report);
    this.#components.show(report);
    this.#measures.show(report);
    this.#data.show(report);
    this.#stage.describe(describeCanvas(report));
    this.#tooltip.refresh();
    const { label, points } = report.dataset;
    this.#layout.dataDrawer.describe(points > 0 ? `${label}, ${plural(points, 'point')}` : label);
    this.#layout.componentsDrawer.describe(weightsInWords(report));
    this.#backend.show(report);
    if (report.backendNotice !== '') this.#notices.show('error', report.backendNotice);
    if (report.state === 'failed' && report.message !== '') {
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
    this.#transport.show(false, false);
  }

  #lost(message: string): void {
    this.#switchOff('The fit cannot be kept running here. Reload the page to start over.');
    this.#notices.show('error', `The fit broke down: ${message}`);
  }
}
