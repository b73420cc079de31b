import type { Setting } from '../../pkg/gaussian_playground.js';
import { isShown } from '../controls/placement.ts';
import { make } from '../dom.ts';
import type { Settings } from '../engine/protocol.ts';

/** What is drawn, as small switches on the canvas: the schema's settings of the view. */
export class Layers {
  readonly element = make('div', { class: 'layers', role: 'group', 'aria-label': 'Shown' });
  readonly #switches = new Map<Setting, { input: HTMLInputElement; label: HTMLElement }>();

  constructor(settings: Setting[], change: (change: Settings) => void) {
    for (const setting of settings) {
      const { name, label: words, help } = setting;
      const input = make('input', { type: 'checkbox', name });
      input.addEventListener('change', () => change({ [name]: input.checked }));
      const label = make('label', { title: help }, input, make('span', {}, words));
      this.#switches.set(setting, { input, label });
      this.element.append(label);
    }
    this.element.hidden = settings.length === 0;
  }

  show(settings: Settings): void {
    for (const [setting, { input, label }] of this.#switches) {
      input.checked = settings[setting.name] === true;
      label.hidden = !isShown(setting, settings);
    }
  }
}
