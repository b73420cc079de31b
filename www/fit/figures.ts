import type { Figure } from '../../pkg/gaussian_playground.js';
import { make } from '../dom.ts';

/**
 * The small figures beside the large one. The Worker draws them; here are the buttons over them that
 * make one of them the large one.
 */
export class Figures {
  readonly element = make('div', { class: 'figures', role: 'group', 'aria-label': 'Figures' });
  readonly #choose: (figure: string) => void;
  readonly #buttons = new Map<string, HTMLButtonElement>();
  #shown = '';

  constructor(choose: (figure: string) => void) {
    this.#choose = choose;
  }

  /** Follows where the Worker has drawn them. */
  show(figures: Figure[]): void {
    const places = JSON.stringify(figures);
    if (places === this.#shown) return;
    this.#shown = places;
    // What else lies over the canvas leaves the strip free, where that is at the right.
    const stage = this.element.parentElement;
    const left = Math.min(...figures.map(({ x }) => x));
    const atRight = stage !== null && figures.length > 0 && left > stage.clientWidth / 2;
    const strip = atRight ? stage.clientWidth - left + 8 : 0;
    stage?.parentElement?.style.setProperty('--strip', `${strip}px`);
    stage?.classList.toggle('with-figures', figures.length > 0);
    const names = new Set(figures.map(({ name }) => name));
    const focused = document.activeElement?.shadowRoot?.activeElement;
    for (const [name, button] of this.#buttons) {
      if (names.has(name)) continue;
      // Whoever pressed it goes on from the one that took its place.
      const moved = button === focused;
      button.remove();
      this.#buttons.delete(name);
      if (moved) queueMicrotask(() => this.element.querySelector('button')?.focus());
    }
    for (const figure of figures) {
      const button = this.#button(figure);
      const { x, y, width, height } = figure;
      Object.assign(button.style, {
        left: `${x}px`,
        top: `${y}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
      this.element.append(button);
    }
  }

  #button({ name, label }: Figure): HTMLButtonElement {
    const known = this.#buttons.get(name);
    if (known) return known;
    const words = `Show large: ${label}`;
    const button = make('button', { type: 'button', 'aria-label': words, title: words });
    button.dataset.figure = name;
    button.addEventListener('click', () => this.#choose(name));
    this.#buttons.set(name, button);
    return button;
  }
}
