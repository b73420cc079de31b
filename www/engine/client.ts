import * as Comlink from 'comlink';
import type {
  ColumnCheck,
  Configured,
  Palette,
  PointInfo,
  TableSummary,
  Tool,
} from '../../pkg/gaussian_playground.js';
import { compiledModule } from './module.ts';
import type { Settings } from './protocol.ts';
import {
  type Component,
  carryErrorCodes,
  type Edited,
  type Engine,
  errorCode,
  errorMessage,
  type Grab,
  type LinkedState,
  type Opened,
  type OwnData,
  type OwnTable,
  type ParameterTable,
  type Points,
  type Size,
  type Start,
  type Swapped,
  settingsOf,
  type ThumbnailStyle,
  type Traits,
  type Update,
} from './protocol.ts';
import { startWorker } from './start-worker.ts';

carryErrorCodes();

/** What happens to the Worker, as the page needs to know it. */
export interface ClientEvents {
  /** A Worker is about to start; its canvas must be in the page before it draws. */
  canvas(canvas: HTMLCanvasElement): void;
  opened(opened: Opened): void;
  update(update: Update): void;
  /** The Worker died and a new one has taken its place. */
  restarted(playing: boolean): void;
  /** The Worker cannot be kept alive. */
  lost(message: string): void;
}

/** Two deaths within this time count as one cause. */
const quickDeath = 10_000;

/** The Worker died while it was being asked; the page has been told already. */
export class WorkerDied extends Error {}

/**
 * Speaks with the Worker and keeps what a new one needs, so that the death of a Worker costs the
 * visitor nothing but the iterations since the last checkpoint.
 */
export class Client {
  readonly #events: ClientEvents;
  readonly #start: Start;
  #worker: Worker | undefined;
  #remote: Comlink.Remote<Engine> | undefined;
  #ready: Promise<void> = Promise.resolve();
  readonly #pending = new Set<(error: Error) => void>();
  #deaths: number[] = [];
  /** The iteration to go to, while that is under way. */
  #seeking: number | undefined;

  constructor(events: ClientEvents, start: Start) {
    this.#events = events;
    this.#start = start;
    // A new Worker is not opened by the link again, but by what holds since.
    if (start.link?.truth) start.truth = start.link.truth;
  }

  /** Starts the Worker. Needs to be called again after `close`. */
  open(): Promise<void> {
    this.#ready = this.#launch();
    return this.#ready;
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#remote = undefined;
    for (const reject of this.#pending) reject(new WorkerDied('The page has closed the Worker.'));
    this.#pending.clear();
  }

  async #launch(): Promise<void> {
    const canvas = document.createElement('canvas');
    this.#events.canvas(canvas);
    const worker = startWorker('fit');
    this.#worker = worker;
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#died(worker, event.message);
    });
    const remote = Comlink.wrap<Engine>(worker);
    this.#remote = remote;
    const offscreen = canvas.transferControlToOffscreen();
    const listener = Comlink.proxy({
      update: (update: Update) => {
        if (this.#worker !== worker) return;
        if (update.checkpoint) this.#start.checkpoint = update.checkpoint;
        this.#events.update(update);
      },
      trap: (message: string) => this.#died(worker, message),
    });
    try {
      const opened = await this.#guard(() =>
        compiledModule().then((module) =>
          remote.open(Comlink.transfer(offscreen, [offscreen]), module, this.#start, listener),
        ),
      );
      if (this.#worker !== worker) return;
      this.#start.settings = settingsOf(opened.settings);
      this.#events.opened(this.#usual(opened));
    } catch (error) {
      if (!(error instanceof WorkerDied)) this.#died(worker, errorMessage(error));
    }
  }

  #died(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.close();
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < quickDeath), now];
    if (this.#deaths.length > 2) {
      this.#events.lost(message);
      return;
    }
    // A second death soon after the first: what was playing is the likely cause, so wait.
    if (this.#deaths.length > 1) {
      this.#start.playing = false;
      delete this.#start.checkpoint;
    }
    this.#ready = this.#launch();
    void this.#ready.then(() => {
      if (this.#remote) this.#events.restarted(this.#start.playing);
    });
  }

  /** Rejects when the Worker dies, which Comlink by itself would never notice. */
  #guard<Result>(call: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      call()
        .then(resolve, reject)
        .finally(() => this.#pending.delete(reject));
    });
  }

  async #ask<Result>(call: (remote: Comlink.Remote<Engine>) => Promise<Result>): Promise<Result> {
    await this.#ready;
    const remote = this.#remote;
    const worker = this.#worker;
    if (!remote || !worker) throw new WorkerDied('The Worker is not running.');
    try {
      return await this.#guard(() => call(remote));
    } catch (error) {
      if (error instanceof WorkerDied || errorCode(error) !== undefined) throw error;
      this.#died(worker, errorMessage(error));
      throw new WorkerDied(errorMessage(error));
    }
  }

  /** Like `#ask` for orders without an answer; a death is told through the events. */
  #tell(call: (remote: Comlink.Remote<Engine>) => Promise<void>): void {
    this.#ask(call).catch(() => {});
  }

  async configure(change: Settings): Promise<Configured> {
    return this.#keep(await this.#ask((remote) => remote.configure(change)));
  }

  async openLink(link: LinkedState): Promise<Configured> {
    const settings = { ...this.#start.beginning, ...link.settings };
    const whole = { ...link, settings };
    const configured = this.#keep(await this.#ask((remote) => remote.openLink(whole)));
    if (link.points) this.#keepOwn({ points: link.points });
    if (link.truth) this.#start.truth = link.truth;
    else delete this.#start.truth;
    return configured;
  }

  async repair(kind: string, component: number): Promise<Configured> {
    return this.#keep(await this.#ask((remote) => remote.repair(kind, component)));
  }

  /** Draws points from the fit and makes them the data. */
  sample(count: number): Promise<Configured> {
    return this.#edit((remote) => remote.sample(count));
  }

  beginStroke(tool: Tool): void {
    this.#tell((remote) => remote.beginStroke(tool));
  }

  stroke(x: number, y: number, radius: number): void {
    this.#tell((remote) => remote.stroke(x, y, radius));
  }

  endStroke(): Promise<Configured> {
    return this.#edit((remote) => remote.endStroke());
  }

  undo(): Promise<Configured> {
    return this.#edit((remote) => remote.undo());
  }

  redo(): Promise<Configured> {
    return this.#edit((remote) => remote.redo());
  }

  async #edit(change: (remote: Comlink.Remote<Engine>) => Promise<Edited>): Promise<Configured> {
    return this.#keepEdited(await this.#ask(change));
  }

  #keepEdited({ configured, own, truth }: Edited): Configured {
    if (own) this.#keepOwn(own);
    if (truth) this.#start.truth = truth;
    else delete this.#start.truth;
    return this.#keep(configured);
  }

  #keepOwn(own: OwnData): void {
    this.#start.tables += 1;
    this.#start.own = own;
  }

  /** The visitor's own data, for another experiment. */
  get own(): OwnData | undefined {
    return this.#start.own;
  }

  /** Tells one state of the visitor's own data from the next. */
  get ownVersion(): number {
    return this.#start.tables;
  }

  #keep(configured: Configured): Configured {
    this.#start.settings = settingsOf(configured.settings);
    return this.#usual(configured);
  }

  /** What is usual for the data, but for what the experiment begins with. */
  #usual<Answer extends Pick<Configured, 'normal'>>(answer: Answer): Answer {
    const { dataset: _, ...beginning } = this.#start.beginning;
    return { ...answer, normal: { ...answer.normal, ...beginning } };
  }

  play(): void {
    this.#start.playing = true;
    this.#tell((remote) => remote.play());
  }

  pause(): void {
    this.#start.playing = false;
    this.#tell((remote) => remote.pause());
  }

  /** Lets the fit go as far as that iteration and no farther, as soon as it can; `undefined` leaves it to its own speed. */
  allow(limit: number | undefined): void {
    if (limit === undefined) delete this.#start.limit;
    else this.#start.limit = limit;
    if (this.#remote) this.#tell((remote) => remote.allow(limit));
  }

  step(): void {
    this.#start.playing = false;
    this.#tell((remote) => remote.step());
  }

  stepBack(): void {
    this.#start.playing = false;
    this.#tell((remote) => remote.stepBack());
  }

  halfStep(): void {
    this.#start.playing = false;
    this.#tell((remote) => remote.halfStep());
  }

  /** Goes to an iteration; while one journey is under way only the last place asked for counts. */
  seek(iteration: number): void {
    this.#start.playing = false;
    const busy = this.#seeking !== undefined;
    this.#seeking = iteration;
    if (!busy) void this.#goOnSeeking();
  }

  async #goOnSeeking(): Promise<void> {
    while (this.#seeking !== undefined) {
      const iteration = this.#seeking;
      try {
        await this.#ask((remote) => remote.seek(iteration));
      } catch {
        // A Worker that died has its own sentence.
      }
      if (this.#seeking === iteration) this.#seeking = undefined;
    }
  }

  reset(): void {
    this.#start.playing = false;
    this.#tell((remote) => remote.reset());
  }

  /** Brings the fit to its end as fast as it goes. */
  finish(): void {
    this.#tell((remote) => remote.finish());
  }

  moveToWorst(component: number): void {
    this.#tell((remote) => remote.moveToWorst(component));
  }

  /** Exchanges the labels of two components; gives the score before and after. */
  swap(one: number, other: number): Promise<Swapped> {
    return this.#ask((remote) => remote.swap(one, other));
  }

  /** Gives a component a part of the weight that it and another have together. */
  shareWeight(one: number, other: number, part: number): void {
    this.#tell((remote) => remote.shareWeight(one, other, part));
  }

  resize(size: Size): void {
    this.#start.size = size;
    if (this.#remote) this.#tell((remote) => remote.resize(size));
  }

  setPalette(palette: Palette): void {
    this.#start.palette = palette;
    if (this.#remote) this.#tell((remote) => remote.setPalette(palette));
  }

  setVisible(visible: boolean): void {
    this.#start.visible = visible;
    if (this.#remote) this.#tell((remote) => remote.setVisible(visible));
  }

  pan(dx: number, dy: number): void {
    this.#tell((remote) => remote.pan(dx, dy));
  }

  zoom(factor: number, x: number, y: number): void {
    this.#tell((remote) => remote.zoom(factor, x, y));
  }

  resetView(): void {
    this.#tell((remote) => remote.resetView());
  }

  hover(x: number, y: number): Promise<Grab | undefined> {
    return this.#ask((remote) => remote.hover(x, y));
  }

  grab(x: number, y: number, reach: number): Promise<Grab | undefined> {
    return this.#ask((remote) => remote.grab(x, y, reach));
  }

  drag(x: number, y: number): void {
    this.#tell((remote) => remote.drag(x, y));
  }

  /** Lets go; gives the settings where that changed the data. */
  async release(): Promise<Configured | undefined> {
    const edited = await this.#ask((remote) => remote.release());
    return edited && this.#keepEdited(edited);
  }

  /** Makes the points of a component, counted from 0, stand out; of none where it is left away. */
  lookAt(component?: number): void {
    this.#tell((remote) => remote.lookAt(component));
  }

  traits(): Promise<Traits> {
    return this.#ask((remote) => remote.traits());
  }

  parameters(): Promise<ParameterTable> {
    return this.#ask((remote) => remote.parameters());
  }

  points(): Promise<Points> {
    return this.#ask((remote) => remote.points());
  }

  /** What is on the canvas, as a PNG. */
  picture(): Promise<Blob> {
    return this.#ask((remote) => remote.picture());
  }

  /** The components at a milestone that a report names; none elsewhere. */
  componentsAt(iteration: number): Promise<Component[]> {
    return this.#ask((remote) => remote.componentsAt(iteration));
  }

  /** A small picture of components over the whole range of the data, in the page's present colours. */
  thumbnail(components: Component[], size: Size, style: ThumbnailStyle): Promise<ImageBitmap> {
    return this.#ask((remote) => remote.thumbnail(components, size, style));
  }

  pointAt(x: number, y: number): Promise<PointInfo | undefined> {
    return this.#ask((remote) => remote.pointAt(x, y));
  }

  readTable(source: Blob, name: string): Promise<TableSummary> {
    return this.#ask((remote) => remote.readTable(source, name));
  }

  checkColumns(columns: number[], weight?: number): Promise<ColumnCheck> {
    return this.#ask((remote) => remote.checkColumns(columns, weight));
  }

  /** Makes columns of the table last read the data, and remembers them for a new Worker. */
  async useColumns(table: OwnTable): Promise<Configured> {
    const { columns, weight } = table;
    const tables = this.#start.tables + 1;
    const configured = await this.#ask((remote) => remote.useColumns(columns, weight, tables));
    this.#keepOwn({ table });
    return this.#keep(configured);
  }
}
