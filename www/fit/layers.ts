import type { Setting } from '../../pkg/gaussian_playground.js';
import { make } from '../dom.ts';
import type { Settings } from '../engine/protocol.ts';

/** What is drawn, as small switches on the canvas: the schema's settings of the view. */
export class Layers {
  readonly element = make('div', { class: 'layers', role: 'group', 'aria-label': 'Shown' });
  readonly #switches = new Map<string, HTMLInputElement>();

  constructor(settings: Setting[], change: (change: Settings) => void) {
    for (const { name, label, help } of settings) {
      const input = make('input', { type: 'checkbox', name });
      input.addEventListener('change', () => change({ [name]: input.checked }));
      this.#switches.set(name, input);
      this.element.append(make('label', { title: help }, input, make('span', {}, label)));
    }
    this.element.hidden = settings.length === 0;
  }

  show(settings: Settings): void {
    for (const [name, input] of this.#switches) input.checked = settings[name] === true;
  }
}
