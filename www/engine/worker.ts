import * as Comlink from 'comlink';
import init, { Playground, schema } from '../../pkg/gaussian_playground.js';
import { FrameLoop } from './frame-loop.ts';
import {
  type Checkpoint,
  carryErrorCodes,
  type Engine,
  errorCode,
  errorMessage,
  type Listener,
  type Settings,
  type Start,
  settingsOf,
} from './protocol.ts';

/** The Worker: owns the wasm module, the fit, the canvas and the frame loop. */

carryErrorCodes();

let playground: Playground | undefined;
let loop: FrameLoop | undefined;
/** How many tables of the visitor's own have been given: it tells one from the next. */
let tables = 0;

async function restore(target: Playground, start: Start): Promise<void> {
  target.setTheme(start.theme);
  target.resize(start.size.width, start.size.height, start.size.pixelRatio);
  if (start.own) {
    target.readTable(await start.own.source.text(), start.own.name);
    target.useColumns(start.own.columns);
  }
  if (!start.settings) return;
  target.configure(start.settings);
  const { checkpoint } = start;
  const settings = settingsOf(target.settings());
  if (checkpoint?.tables === tables && sameFit(start.experiment, checkpoint.settings, settings)) {
    target.restore(checkpoint.snapshot);
  }
}

/** Whether two settings make the same fit, up to when it stops. */
function sameFit(experiment: string, a: Settings, b: Settings): boolean {
  return schema(experiment)
    .filter((setting) => setting.restarts)
    .every(({ name }) => a[name] === b[name]);
}

let fastest = Number.POSITIVE_INFINITY;

/** The largest speed stands for "as fast as it goes". */
function setSpeed({ speed }: { speed: number }): void {
  loop?.setSpeed(speed, fastest);
}

function opened(): { playground: Playground; loop: FrameLoop } {
  if (!playground || !loop) throw new Error('The Worker has not been opened.');
  return { playground, loop };
}

let tell: ((message: string) => void) | undefined;

/**
 * Errors with a code are answers to the visitor. Any other means that the wasm module can no longer
 * be trusted: the loop stops and the page starts a new Worker.
 */
function checked<Arguments extends unknown[], Result>(
  work: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  return (...args) => {
    try {
      return work(...args);
    } catch (error) {
      if (errorCode(error) === undefined) {
        loop?.stop();
        tell?.(errorMessage(error));
      }
      throw error;
    }
  };
}

const readTable = checked((text: string, name: string) =>
  opened().playground.readTable(text, name),
);

const engine: Engine = {
  async open(canvas, module, start, listener: Listener) {
    tell = (message) => void listener.trap(message);
    await init({ module_or_path: module });
    const target = new Playground(canvas, start.experiment);
    playground = target;
    tables = start.tables;
    await restore(target, start);
    const checkpoint = (): Checkpoint => ({
      snapshot: target.snapshot(),
      settings: settingsOf(target.settings()),
      tables,
    });
    loop = new FrameLoop(target, listener, checkpoint, start);
    const settings = target.settings();
    const table = schema(start.experiment);
    const { kind } = table.find(({ name }) => name === 'speed') ?? {};
    if (kind?.type === 'integer') fastest = kind.max;
    setSpeed(settings);
    loop.touch();
    return { schema: table, settings, normal: target.normal() };
  },
  configure: checked((change) => {
    const { playground, loop } = opened();
    const configured = playground.configure(change);
    setSpeed(configured.settings);
    loop.touch();
    return configured;
  }),
  begin: checked((change) => {
    const { playground, loop } = opened();
    const configured = playground.begin(change);
    setSpeed(configured.settings);
    loop.touch();
    return configured;
  }),
  play: checked(() => opened().loop.play()),
  pause: checked(() => opened().loop.pause()),
  step: checked(() => {
    const { playground, loop } = opened();
    loop.pause();
    playground.step(1);
    loop.touch();
  }),
  reset: checked(() => {
    const { playground, loop } = opened();
    loop.pause();
    playground.reset();
    loop.touch();
  }),
  moveToWorst: checked((component) => {
    const { playground, loop } = opened();
    playground.moveToWorst(component);
    loop.touch();
  }),
  resize: checked(({ width, height, pixelRatio }) => {
    const { playground, loop } = opened();
    playground.resize(width, height, pixelRatio);
    // Setting a canvas's size clears it: draw now rather than a frame later.
    playground.draw();
    loop.touch();
  }),
  setTheme: checked((theme) => {
    const { playground, loop } = opened();
    playground.setTheme(theme);
    loop.touch();
  }),
  setVisible: checked((visible) => opened().loop.setVisible(visible)),
  pointAt: checked((x, y) => opened().playground.pointAt(x, y)),
  readTable: async (source, name) => readTable(await source.text(), name),
  checkColumns: checked((columns) => opened().playground.checkColumns(columns)),
  useColumns: checked((columns, count) => {
    const { playground, loop } = opened();
    const configured = playground.useColumns(columns);
    tables = count;
    loop.touch();
    return configured;
  }),
};

Comlink.expose(engine);
