import type { Setting } from '../../pkg/gaussian_playground.js';
import { isShown } from '../controls/placement.ts';
import { make } from '../dom.ts';
import type { Settings } from '../engine/protocol.ts';

/** What is drawn, as small switches and choices on the canvas: the schema's settings of the view. */
export class Layers {
  readonly element = make('div', { class: 'layers', role: 'group', 'aria-label': 'Shown' });
  readonly #change: (change: Settings) => void;
  readonly #show: ((settings: Settings) => void)[] = [];

  constructor(settings: Setting[], change: (change: Settings) => void) {
    this.#change = change;
    for (const setting of settings) {
      const { kind } = setting;
      const element =
        kind.type === 'choice' ? this.#choice(setting, kind.options) : this.#switch(setting);
      this.#show.push((settings) => {
        element.hidden = !isShown(setting, settings);
      });
      this.element.append(element);
    }
    this.element.hidden = settings.length === 0;
  }

  #switch({ name, label, help }: Setting): HTMLElement {
    const input = make('input', { type: 'checkbox', name });
    input.addEventListener('change', () => this.#change({ [name]: input.checked }));
    const element = make('label', { title: help }, input, make('span', {}, label));
    this.#show.push((settings) => {
      input.checked = settings[name] === true;
    });
    return element;
  }

  #choice(
    { name, label, help }: Setting,
    options: { value: string; label: string }[],
  ): HTMLElement {
    const select = make('select', { name, 'aria-label': label });
    for (const { value, label: words } of options) select.append(make('option', { value }, words));
    select.addEventListener('change', () => this.#change({ [name]: select.value }));
    this.#show.push((settings) => {
      select.value = String(settings[name]);
    });
    return make('label', { title: help }, select);
  }

  show(settings: Settings): void {
    for (const show of this.#show) show(settings);
  }
}
