import type { Hand } from '../data/tools.ts';
import { make } from '../dom.ts';
import type { Size } from '../engine/protocol.ts';
import { type IconName, icon } from '../icons.ts';
import { sizeOf, watchSize, watchVisibility } from './sight.ts';

export interface StageActions {
  /** Zooms about the middle. */
  zoom(factor: number): void;
  resetView(): void;
}

/** The place of the canvas, which is replaced when the Worker is. */
export class Stage {
  readonly element: HTMLElement;
  readonly #holder = make('div', {
    class: 'canvas',
    role: 'application',
    tabindex: 0,
    'aria-roledescription': 'figure',
    'aria-label':
      'Figure. Space plays, left and right do an iteration; plus and minus zoom; Shift and arrows move a cross, Enter takes hold with it.',
  });
  readonly #drop = make('p', { class: 'drop', hidden: true }, 'Drop a table of numbers to fit it');
  readonly #lost = make('p', { class: 'lost', role: 'alert', hidden: true });
  readonly #layers = make('div', { class: 'layers-place' });
  #canvas: HTMLCanvasElement | undefined;
  #description = '';

  /** `overlays` lie over the canvas, the later ones over the earlier. */
  constructor(overlays: HTMLElement[], actions: StageActions) {
    const button = (name: string, picture: IconName, act: () => void): HTMLElement => {
      const element = make('button', { type: 'button', 'aria-label': name, title: name });
      element.append(icon(picture));
      element.addEventListener('click', act);
      return element;
    };
    this.element = make(
      'div',
      { class: 'stage' },
      this.#holder,
      ...overlays,
      make('div', { class: 'cross', hidden: true }),
      this.#layers,
      make(
        'div',
        { class: 'zoom', role: 'group', 'aria-label': 'View' },
        button('Zoom in', 'plus', () => actions.zoom(1.5)),
        button('Zoom out', 'minus', () => actions.zoom(1 / 1.5)),
        button('Show all', 'fit', actions.resetView),
      ),
      this.#drop,
      this.#lost,
    );
  }

  /** What takes the focus, the pointers and the keys. */
  get canvas(): HTMLElement {
    return this.#holder;
  }

  putLayers(layers: HTMLElement): void {
    this.#layers.replaceChildren(layers);
  }

  showTool(tool: Hand): void {
    this.element.dataset.tool = tool;
  }

  put(canvas: HTMLCanvasElement): void {
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', this.#description || 'The points and the fitted Gaussians');
    this.#canvas = canvas;
    this.#holder.replaceChildren(canvas);
  }

  describe(words: string): void {
    if (words === this.#description) return;
    this.#description = words;
    this.#canvas?.setAttribute('aria-label', words);
  }

  showDrop(over: boolean): void {
    this.#drop.hidden = !over;
  }

  /** In place of the canvas: why there is none. */
  showLost(sentence: string): void {
    this.#holder.replaceChildren();
    this.#lost.textContent = sentence;
    this.#lost.hidden = false;
  }

  size(): Size {
    return sizeOf(this.#holder);
  }

  /** Calls back when the size or the screen's pixel ratio changes. */
  watchSize(changed: (size: Size) => void, signal: AbortSignal): void {
    watchSize(this.#holder, changed, signal);
  }

  /** Calls back when the canvas comes into or goes out of sight, or the tab does. */
  watchVisibility(changed: (visible: boolean) => void, signal: AbortSignal): void {
    watchVisibility(this.element, changed, signal);
  }
}
