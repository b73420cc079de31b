import { make } from '../dom.ts';
import { type Preset, presets } from './presets.ts';

/** The races that are worth a look, as buttons with a sentence each. */
export class PresetList {
  readonly element: HTMLElement;
  readonly #buttons = new Map<Preset, HTMLButtonElement>();

  constructor(choose: (preset: Preset) => void) {
    const items = presets.map((preset) => {
      const button = make('button', { type: 'button', class: 'link' }, preset.words);
      button.addEventListener('click', () => choose(preset));
      this.#buttons.set(preset, button);
      return make('li', {}, button, make('p', { class: 'about' }, preset.sentence));
    });
    this.element = make(
      'div',
      { class: 'section races' },
      make('h2', {}, 'Races'),
      make('ul', { class: 'tries' }, ...items),
    );
  }

  show(shown: Preset | undefined): void {
    for (const [preset, button] of this.#buttons) {
      if (preset === shown) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  }
}
