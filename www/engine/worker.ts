import * as Comlink from 'comlink';
import type { Configured, Tool } from '../../pkg/gaussian_playground.js';
import init, { Playground, schema } from '../../pkg/gaussian_playground.js';
import { settingsOfAttributes } from '../links/attributes.ts';
import { FrameLoop } from './frame-loop.ts';
import {
  type Checkpoint,
  carryErrorCodes,
  type Edited,
  type Engine,
  errorCode,
  errorMessage,
  type LinkedState,
  type Listener,
  type OwnData,
  type Points,
  type Settings,
  type Start,
  settingsOf,
} from './protocol.ts';

/** The Worker: owns the wasm module, the fit, the canvas and the frame loop. */

carryErrorCodes();

let playground: Playground | undefined;
/** The canvas that is drawn on, for pictures of it. */
let surface: OffscreenCanvas | undefined;
let loop: FrameLoop | undefined;
/** How many tables of the visitor's own have been given: it tells one from the next. */
let tables = 0;

function givePoints(target: Playground, { values, columns, weight }: Points): void {
  target.setPoints(values, columns, weight);
}

/** What an error that the core raised on purpose says; others are no answers and go on their way. */
function refusal(error: unknown): string {
  if (errorCode(error) === undefined) throw error;
  return errorMessage(error);
}

/** Gives the visitor's own data back; an experiment that cannot take them goes without. */
async function giveOwnData(target: Playground, own: OwnData): Promise<void> {
  try {
    if ('points' in own) {
      givePoints(target, own.points);
      return;
    }
    const { source, name, columns, weight } = own.table;
    target.readTable(await source.text(), name);
    target.useColumns(columns, weight);
  } catch (error) {
    refusal(error);
  }
}

/** Does what a link says, and as much of it as can be done. */
function openLink(target: Playground, link: LinkedState): Configured {
  const { settings, live, placed, view, points, truth } = link;
  const notices: string[] = [];
  try {
    if (points) givePoints(target, points);
  } catch (error) {
    notices.push(`The points of the link were ignored: ${refusal(error)}`);
  }
  const configured = target.open(settings, live, placed, truth);
  target.setView(view ? new Float64Array(view) : undefined);
  return { ...configured, notices: [...notices, ...configured.notices] };
}

/** What the attributes and the link of a new element ask for: the link has the last word. */
function begin(target: Playground, { experiment, beginning, attributes, link }: Start): string[] {
  const { settings, notices } = settingsOfAttributes({ attributes }, schema(experiment));
  const linked = link ?? { settings: {}, live: [], placed: [] };
  const wanted = { ...beginning, ...settings, ...linked.settings };
  if (!link && Object.keys(wanted).length === 0) return notices;
  return [...notices, ...openLink(target, { ...linked, settings: wanted }).notices];
}

/** Brings a new experiment to where `start` says; returns what could not be done, as sentences. */
async function restore(target: Playground, start: Start): Promise<string[]> {
  target.resize(start.size.width, start.size.height, start.size.pixelRatio);
  if (start.own) await giveOwnData(target, start.own);
  if (!start.settings) return begin(target, start);
  if (start.truth) target.open(start.settings, [], [], start.truth);
  else target.configure(start.settings);
  const { checkpoint } = start;
  const settings = settingsOf(target.settings());
  if (checkpoint?.tables === tables && sameFit(start.experiment, checkpoint.settings, settings)) {
    target.restore(checkpoint.snapshot);
  }
  return [];
}

/** Whether two settings make the same fit, up to when it stops. */
function sameFit(experiment: string, a: Settings, b: Settings): boolean {
  return schema(experiment)
    .filter((setting) => setting.restarts)
    .every(({ name }) => a[name] === b[name]);
}

/** What the handles are drawn of. */
let hovered: string | undefined;

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

/** The points as the page keeps them. */
function points(): Points {
  return opened().playground.points();
}

/** Follows a change of the data, and hands the points over. */
function edited(change: (playground: Playground) => Configured): Edited {
  const { playground, loop } = opened();
  const configured = change(playground);
  loop.touch();
  const settings = settingsOf(playground.settings());
  const own = settings.dataset === 'own' ? { points: points() } : undefined;
  if (own) tables += 1;
  const truth = playground.truth();
  return own
    ? Comlink.transfer({ configured, own, truth }, [own.points.values.buffer])
    : { configured, own, truth };
}

/** Does something that changes what is to be seen, and no more. */
function seen<Arguments extends unknown[], Result>(
  work: (playground: Playground, ...args: Arguments) => Result,
): (...args: Arguments) => Result {
  return checked((...args: Arguments) => {
    const { playground, loop } = opened();
    const result = work(playground, ...args);
    loop.touch();
    return result;
  });
}

const readTable = checked((text: string, name: string) =>
  opened().playground.readTable(text, name),
);

const engine: Engine = {
  async open(canvas, module, start, listener: Listener) {
    tell = (message) => void listener.trap(message);
    await init({ module_or_path: module });
    const target = new Playground(canvas, start.experiment, start.palette);
    playground = target;
    surface = canvas;
    tables = start.tables;
    const notices = await restore(target, start);
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
    return { schema: table, settings, normal: target.normal(), notices };
  },
  configure: checked((change) => {
    const { playground, loop } = opened();
    const configured = playground.configure(change);
    setSpeed(configured.settings);
    loop.touch();
    return configured;
  }),
  openLink: checked((link) => {
    const { playground, loop } = opened();
    const configured = openLink(playground, link);
    if (link.points) tables += 1;
    setSpeed(configured.settings);
    loop.touch();
    return configured;
  }),
  play: checked(() => opened().loop.play()),
  pause: checked(() => opened().loop.pause()),
  allow: checked((limit) => opened().loop.allow(limit)),
  step: checked(() => {
    const { playground, loop } = opened();
    loop.pause();
    playground.step(1);
    loop.touch();
  }),
  stepBack: checked(() => {
    const { playground, loop } = opened();
    loop.pause();
    playground.stepBack();
    loop.touch();
  }),
  halfStep: checked(() => {
    const { playground, loop } = opened();
    loop.pause();
    playground.halfStep();
    loop.touch();
  }),
  seek: checked((iteration) => {
    const { playground, loop } = opened();
    loop.pause();
    playground.seek(iteration);
    loop.touch();
  }),
  reset: checked(() => {
    const { playground, loop } = opened();
    loop.pause();
    playground.reset();
    loop.touch();
  }),
  finish: checked(() => opened().loop.finish()),
  repair: seen((playground, kind: string, component: number) => playground.repair(kind, component)),
  moveToWorst: seen((playground, component: number) => playground.moveToWorst(component)),
  swap: seen((playground, one: number, other: number) => playground.swap(one, other)),
  shareWeight: seen((playground, one: number, other: number, part: number) =>
    playground.shareWeight(one, other, part),
  ),
  sample: checked((count) => edited((playground) => playground.sample(count))),
  resize: checked(({ width, height, pixelRatio }) => {
    const { playground, loop } = opened();
    playground.resize(width, height, pixelRatio);
    // Setting a canvas's size clears it: draw now rather than a frame later.
    playground.draw();
    loop.touch();
  }),
  setPalette: checked((palette) => {
    const { playground, loop } = opened();
    playground.setPalette(palette);
    loop.touch();
  }),
  setVisible: checked((visible) => opened().loop.setVisible(visible)),
  pan: seen((playground, dx: number, dy: number) => playground.pan(dx, dy)),
  zoom: seen((playground, factor: number, x: number, y: number) => playground.zoom(factor, x, y)),
  resetView: seen((playground) => playground.resetView()),
  hover: checked((x, y) => {
    const { playground, loop } = opened();
    const grab = playground.hover(x, y);
    // Pointers move all the time; the handles that are drawn for them change seldom.
    const over = grab && `${grab.kind.startsWith('truth')} ${grab.component}`;
    if (over !== hovered) loop.touch();
    hovered = over;
    return grab;
  }),
  grab: checked((x, y, reach) => {
    const { playground, loop } = opened();
    const grab = playground.grab(x, y, reach);
    // What is held does not run away.
    loop.hold(grab !== undefined);
    return grab;
  }),
  lookAt: seen((playground, component) => playground.lookAt(component)),
  drag: seen((playground, x: number, y: number) => playground.drag(x, y)),
  release: checked(() => {
    const { playground, loop } = opened();
    const configured = playground.release();
    loop.hold(false);
    return configured && edited(() => configured);
  }),
  beginStroke: seen((playground, tool: Tool) => playground.beginStroke(tool)),
  stroke: seen((playground, x: number, y: number, radius: number) =>
    playground.stroke(x, y, radius),
  ),
  endStroke: checked(() => edited((playground) => playground.endStroke())),
  undo: checked(() => edited((playground) => playground.undo())),
  redo: checked(() => edited((playground) => playground.redo())),
  traits: checked(() => {
    const { playground } = opened();
    const view = playground.view();
    const truth = playground.truth();
    return {
      live: playground.liveChanges(),
      ...(view ? { view: [...view] } : {}),
      ...(truth ? { truth } : {}),
    };
  }),
  parameters: checked(() => opened().playground.parameters()),
  points: checked(() => {
    const found = points();
    return Comlink.transfer(found, [found.values.buffer]);
  }),
  picture: checked(() => {
    // A frame may be half a second old where nothing moves; what is saved is what is true.
    opened().playground.draw();
    if (!surface) throw new Error('The Worker has not been opened.');
    return surface.convertToBlob({ type: 'image/png' });
  }),
  componentsAt: checked((iteration) => opened().playground.componentsAt(iteration)),
  thumbnail: checked((components, { width, height, pixelRatio }, style) => {
    const canvas = new OffscreenCanvas(1, 1);
    opened().playground.thumbnail(canvas, components, width, height, pixelRatio, style);
    const bitmap = canvas.transferToImageBitmap();
    return Comlink.transfer(bitmap, [bitmap]);
  }),
  pointAt: checked((x, y) => opened().playground.pointAt(x, y)),
  readTable: async (source, name) => readTable(await source.text(), name),
  checkColumns: checked((columns, weight) => opened().playground.checkColumns(columns, weight)),
  useColumns: checked((columns, weight, count) => {
    const { playground, loop } = opened();
    const configured = playground.useColumns(columns, weight);
    tables = count;
    loop.touch();
    return configured;
  }),
};

Comlink.expose(engine);
