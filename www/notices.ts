import { make } from './dom.ts';
import { icon } from './icons.ts';

export type Tone = 'calm' | 'error';

/** One line that stays until it is dismissed or replaced. */
export class Notices {
  readonly element = make('div', { class: 'notice', hidden: true });
  readonly #calm = make('p', { role: 'status' });
  readonly #error = make('p', { role: 'alert' });
  readonly #fix = make('button', { type: 'button', class: 'plain fix', hidden: true });
  #act = (): void => {};

  constructor() {
    const close = make('button', {
      type: 'button',
      class: 'dismiss',
      'aria-label': 'Dismiss',
      title: 'Dismiss',
    });
    close.append(icon('close'));
    close.addEventListener('click', () => this.clear());
    this.#fix.addEventListener('click', () => {
      this.clear();
      this.#act();
    });
    this.element.append(this.#calm, this.#error, this.#fix, close);
  }

  /** Says a sentence, with a button that mends what it speaks of where there is one. */
  show(tone: Tone, sentence: string, fix?: { words: string; act(): void }): void {
    this.#fix.hidden = fix === undefined;
    this.#fix.textContent = fix?.words ?? '';
    this.#act = () => fix?.act();
    this.element.hidden = false;
    this.element.dataset.tone = tone;
    this.#calm.textContent = tone === 'calm' ? sentence : '';
    this.#error.textContent = tone === 'error' ? sentence : '';
  }

  clear(): void {
    this.element.hidden = true;
    this.#calm.textContent = '';
    this.#error.textContent = '';
  }
}
