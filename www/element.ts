import type { Setting } from '../pkg/gaussian_playground.js';
import { Hints } from './controls/hints.ts';
import { type Change, Controls } from './controls/index.ts';
import { isShown, placeOf } from './controls/placement.ts';
import { optionLabel } from './controls/words.ts';
import { ColumnsDialog } from './data/columns-dialog.ts';
import { acceptDrops, copyFile, DataPanel } from './data/data-panel.ts';
import { OwnData } from './data/own-data.ts';
import { PasteDialog } from './data/paste-dialog.ts';
import { Client, WorkerDied } from './engine/client.ts';
import type { Settings } from './engine/protocol.ts';
import { errorMessage, type Opened, type Update } from './engine/protocol.ts';
import { ComponentTable, weightsInWords } from './fit/component-table.ts';
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
import { Colours, currentTheme, watchTheme } from './theme.ts';
import { type Try, tryLinks } from './tries.ts';

/** `<gaussian-playground>`: puts the parts together and carries news between them. */
export class GaussianPlayground extends HTMLElement {
  readonly #colours = new Colours();
  readonly #hints = new Hints();
  readonly #notices = new Notices();
  readonly #readouts = new Readouts();
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
    this.#client = new Client(
      {
        canvas: (canvas) => this.#stage.put(canvas),
        opened: (opened) => this.#opened(opened),
        update: (update) => this.#update(update),
        restarted: (playing) => this.#restarted(playing),
        lost: (message) => this.#lost(message),
      },
      {
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
        this.#session?.accept(configured.settings, {}, true);
        this.#tell(configured.notices);
      },
    });
    this.#paste = new PasteDialog((text) => this.#own.read(new Blob([text]), 'Pasted data'));
    this.#columns = new ColumnsDialog({
      check: (columns) => this.#own.check(columns),
      use: (columns) => this.#own.use(columns),
    });
    this.#data = new DataPanel({
      file: (file) => this.#openFile(file),
      paste: () => this.#paste.open(),
    });
    this.#layout = makeLayout({
      notices: this.#notices.element,
      stage: this.#stage.element,
      transport: this.#transport.element,
      readouts: this.#readouts.element,
      timeline: this.#timeline.element,
      data: this.#data.element,
      tries: tryLinks((chosen) => void this.#try(chosen)),
      components: this.#components.element,
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

  #opened({ schema, settings }: Opened): void {
    // A new Worker brings the same schema, so the controls stay.
    if (this.#session) {
      this.#session.accept(settings);
      return;
    }
    this.#schema = schema;
    this.#controls = new Controls(
      schema,
      settings,
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
    this.#session = new Session(
      settings,
      (change) => this.#client.configure(change),
      (inForce, normal) => this.#show(inForce, normal),
    );
    this.#session.accept(settings);
  }

  #show(settings: Settings, normal: Settings): void {
    this.#controls?.show(settings, normal);
    for (const { name } of this.#schema) {
      const control = this.#controls?.element(name);
      if (control) control.hidden = !isShown(name, settings);
    }
    // "Your data" can be chosen once there is some.
    const choice = this.#controls?.element('dataset');
    for (const option of choice?.querySelectorAll('option') ?? []) {
      if (option.value === 'own') option.hidden = option.disabled = !this.#own.given;
    }
    this.#layout.modelDrawer.describe(
      ['covarianceType', 'initialization']
        .map((name) => this.#label(name, settings).toLowerCase())
        .join(', '),
    );
  }

  #label(name: string, settings: Settings): string {
    const setting = this.#schema.find((candidate) => candidate.name === name);
    return optionLabel(setting, String(settings[name as keyof Settings]));
  }

  async #change(change: Change): Promise<void> {
    try {
      const configured = await this.#session?.change(change);
      this.#tell(configured?.notices ?? []);
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #try({ dataset, change }: Try): Promise<void> {
    // First the data with all that it suggests, then what the link is about; nothing is to be fitted
    // in between.
    this.#client.pause();
    await this.#change({ ...this.#session?.fresh, dataset });
    await this.#change({ ...this.#session?.suggested, ...change });
    this.#client.play();
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
    this.#data.show(report);
    this.#stage.describe(describeCanvas(report));
    this.#tooltip.refresh();
    const { label, points } = report.dataset;
    this.#layout.dataDrawer.describe(`${label}, ${plural(points, 'point')}`);
    this.#layout.componentsDrawer.describe(weightsInWords(report));
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
