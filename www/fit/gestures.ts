import type { Configured, Grab } from '../../pkg/gaussian_playground.js';
import type { Tools } from '../data/tools.ts';
import type { Client } from '../engine/client.ts';

/** How near a press has to be, in CSS pixels. */
const reaches: Record<string, number> = { mouse: 12, pen: 12, touch: 22 };
/** A line of the wheel in CSS pixels. */
const lineHeight = 16;

interface Place {
  x: number;
  y: number;
}

type Holding = 'asking' | 'nothing' | 'part' | 'stroke';

/**
 * What pointers do on the canvas: draw with a tool, drag what is under them, else move the view; two
 * fingers, or the wheel with Ctrl, zoom. The plain wheel is left to the page.
 */
export class Gestures {
  readonly #stage: HTMLElement;
  readonly #client: Client;
  readonly #tools: Tools;
  readonly #released: (done: Promise<Configured | undefined>) => void;
  /** Where the keyboard's cross is. */
  readonly #looked: (place: Place | undefined) => void;
  readonly #pointers = new Map<number, Place>();
  #holding: Holding = 'nothing';
  #last: Place | undefined;
  #hovering = false;
  #spread = 0;

  constructor(
    stage: HTMLElement,
    client: Client,
    tools: Tools,
    released: (done: Promise<Configured | undefined>) => void,
    looked: (place: Place | undefined) => void = () => {},
  ) {
    this.#stage = stage;
    this.#client = client;
    this.#tools = tools;
    this.#released = released;
    this.#looked = looked;
  }

  listen(canvas: HTMLElement, signal: AbortSignal): void {
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      act: (event: HTMLElementEventMap[Name]) => void,
    ): void => canvas.addEventListener(name, act, { signal, passive: false });
    on('pointerdown', (event) => this.#down(event, canvas));
    on('pointermove', (event) => this.#move(event));
    on('pointerup', (event) => this.#up(event));
    on('pointercancel', (event) => this.#up(event));
    // Handles are drawn where the pointer last was.
    on('pointerleave', () => this.#hover({ x: -1e4, y: -1e4 }));
    on('wheel', (event) => this.#wheel(event));
    on('dblclick', () => {
      if (!this.#tools.stroke) this.#client.resetView();
    });
    on('keydown', (event) => this.#key(event));
    on('blur', () => this.#dropCursor());
  }

  #place(event: MouseEvent): Place {
    const { left, top } = this.#stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #down(event: PointerEvent, canvas: HTMLElement): void {
    if (event.button !== 0) return;
    const place = this.#place(event);
    this.#pointers.set(event.pointerId, place);
    canvas.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 2) {
      // The second finger makes a pinch of whatever the first began.
      this.#end();
      this.#spread = this.#pinch().spread;
      return;
    }
    if (this.#pointers.size === 1) this.#begin(place, reaches[event.pointerType] ?? 12);
  }

  #begin(place: Place, reach: number): void {
    this.#last = place;
    const { stroke } = this.#tools;
    if (stroke) {
      this.#holding = 'stroke';
      this.#client.beginStroke(stroke);
      this.#client.stroke(place.x, place.y, this.#tools.radius);
      return;
    }
    this.#holding = 'asking';
    void this.#client.grab(place.x, place.y, reach).then(
      (grab: Grab | undefined) => {
        if (this.#holding === 'asking') this.#holding = grab ? 'part' : 'nothing';
        else if (grab) this.#released(this.#client.release());
      },
      () => {
        this.#holding = 'nothing';
      },
    );
  }

  #move(event: PointerEvent): void {
    const place = this.#place(event);
    if (!this.#pointers.has(event.pointerId)) {
      if (event.pointerType === 'mouse') this.#hover(place);
      return;
    }
    const before = this.#pinch();
    this.#pointers.set(event.pointerId, place);
    if (this.#pointers.size === 2) {
      const after = this.#pinch();
      this.#client.pan(after.x - before.x, after.y - before.y);
      if (this.#spread > 0) this.#client.zoom(after.spread / this.#spread, after.x, after.y);
      this.#spread = after.spread;
      return;
    }
    this.#drag(place);
  }

  #drag(place: Place): void {
    const last = this.#last ?? place;
    if (this.#holding === 'stroke') this.#client.stroke(place.x, place.y, this.#tools.radius);
    else if (this.#holding === 'part') this.#client.drag(place.x, place.y);
    else if (this.#holding === 'nothing') this.#client.pan(place.x - last.x, place.y - last.y);
    // Whether there is something to drag is not known yet: nothing moves until it is.
    if (this.#holding !== 'asking') this.#last = place;
  }

  #up(event: PointerEvent): void {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size === 0) this.#end();
    // The finger that stays moves the view from where it is.
    else this.#last = [...this.#pointers.values()][0];
  }

  #end(): void {
    const was = this.#holding;
    this.#holding = 'nothing';
    if (was === 'part') {
      this.#released(this.#client.release());
    } else if (was === 'stroke') {
      this.#tools.endStroke();
    }
  }

  /** The middle of the pointers and how far apart they are. */
  #pinch(): Place & { spread: number } {
    const [a, b = a] = [...this.#pointers.values()];
    if (!a || !b) return { x: 0, y: 0, spread: 0 };
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineHeight : 1;
    const { x, y } = this.#place(event);
    this.#client.zoom(Math.exp(-event.deltaY * pixels * 0.01), x, y);
  }

  /** One question at a time: the pointer moves faster than answers come. */
  #hover(place: Place): void {
    if (this.#hovering || this.#tools.stroke) return;
    this.#hovering = true;
    const done = (grab: Grab | undefined): void => {
      this.#hovering = false;
      this.#stage.classList.toggle('grabbable', grab !== undefined);
      if (grab) this.#stage.dataset.over = grab.kind;
      else delete this.#stage.dataset.over;
    };
    this.#client.hover(place.x, place.y).then(done, () => done(undefined));
  }

  // What the pointer does the keyboard does, too: Shift and an arrow move a cross, Enter presses and
  // lets go; + and − zoom, 0 shows all.
  readonly #steps: Record<string, Place> = {
    ArrowLeft: { x: -1, y: 0 },
    ArrowRight: { x: 1, y: 0 },
    ArrowUp: { x: 0, y: -1 },
    ArrowDown: { x: 0, y: 1 },
  };
  #cursor: Place | undefined;
  #pressed = false;

  #key(event: KeyboardEvent): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const middle = { x: width / 2, y: height / 2 };
    const step = event.shiftKey ? this.#steps[event.key] : undefined;
    if (step) {
      const from = this.#cursor ?? middle;
      this.#cursor = {
        x: Math.min(width, Math.max(0, from.x + 8 * step.x)),
        y: Math.min(height, Math.max(0, from.y + 8 * step.y)),
      };
      if (this.#pressed) this.#drag(this.#cursor);
      else void this.#client.hover(this.#cursor.x, this.#cursor.y).catch(() => {});
      this.#showCursor();
    } else if (event.key === 'Enter' && this.#cursor) {
      this.#pressed = !this.#pressed;
      if (this.#pressed) this.#begin(this.#cursor, 22);
      else this.#end();
      // A point is added or erased by one press.
      const { stroke } = this.#tools;
      if (this.#pressed && stroke && stroke !== 'drag') {
        this.#pressed = false;
        this.#end();
      }
      this.#showCursor();
    } else if (event.key === 'Escape' && this.#cursor) {
      this.#dropCursor();
    } else if (event.key === '+' || event.key === '=') {
      this.#client.zoom(1.25, middle.x, middle.y);
    } else if (event.key === '-') {
      this.#client.zoom(0.8, middle.x, middle.y);
    } else if (event.key === '0') {
      this.#client.resetView();
    } else {
      return;
    }
    event.preventDefault();
  }

  #dropCursor(): void {
    if (this.#pressed) this.#end();
    this.#pressed = false;
    this.#cursor = undefined;
    this.#showCursor();
  }

  #showCursor(): void {
    this.#looked(this.#cursor);
    const cross = this.#stage.querySelector<HTMLElement>('.cross');
    if (!cross) return;
    cross.hidden = this.#cursor === undefined;
    cross.classList.toggle('pressed', this.#pressed);
    cross.style.left = `${this.#cursor?.x ?? 0}px`;
    cross.style.top = `${this.#cursor?.y ?? 0}px`;
  }
}
