import type { Setting } from '../../pkg/gaussian_playground.js';
import { make } from '../dom.ts';
import type { Settings } from '../engine/protocol.ts';
import { icon } from '../icons.ts';

/** Milliseconds from one end of its range to the other. */
const duration = 8000;

/**
 * A number of the view below the canvas: its slider, and a button that plays it from one end of its
 * range to the other.
 */
export class PlayedSlider {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #range: { min: number; max: number };
  readonly #change: (change: Settings) => Promise<void>;
  readonly #button = make('button', { type: 'button', class: 'quiet played' });
  #playing = false;

  constructor(
    { name, label, kind }: Setting,
    control: HTMLElement,
    change: (change: Settings) => Promise<void>,
    signal: AbortSignal,
  ) {
    if (kind.type !== 'number') throw new Error('Only numbers can be played.');
    this.#name = name;
    this.#range = kind;
    this.#change = change;
    this.#button.addEventListener('click', () => (this.#playing ? this.#stop() : this.#play()));
    signal.addEventListener('abort', () => this.#stop());
    this.element = make('div', { class: 'under' }, control, this.#button);
    this.element.dataset.label = label;
    // The visitor's hand is stronger.
    for (const type of ['pointerdown', 'keydown']) {
      control.addEventListener(type, () => this.#stop());
    }
    this.#say();
  }

  #say(): void {
    const { min, max } = this.#range;
    this.#button.replaceChildren(
      icon(this.#playing ? 'pause' : 'play', 12),
      this.#playing ? 'Stop' : `${min} to ${max}`,
    );
  }

  #stop(): void {
    this.#playing = false;
    this.#say();
  }

  #play(): void {
    this.#playing = true;
    this.#say();
    const { min, max } = this.#range;
    const start = performance.now();
    const frame = async (now: number): Promise<void> => {
      if (!this.#playing) return;
      const share = Math.min(1, Math.max(0, (now - start) / duration));
      // Hundredths: a thousand would not be seen. The first is not the end of the range that means "as learned".
      const value = Math.max(min + 0.01, Math.round(100 * (min + share * (max - min))) / 100);
      await this.#change({ [this.#name]: value });
      if (share >= 1) this.#stop();
      else requestAnimationFrame((next) => void frame(next));
    };
    requestAnimationFrame((now) => void frame(now));
  }
}
