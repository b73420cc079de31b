import { make } from './dom.ts';
import { icon } from './icons.ts';

export type Tone = 'calm' | 'error';

/** One line that stays until it is dismissed or replaced. */
export class Notices {
  readonly element = make('div', { class: 'notice', hidden: true });
  readonly #calm = make('p', { role: 'status' });
  readonly #error = make('p', { role: 'alert' });

  constructor() {
    const close = make('button', { type: 'button', 'aria-label': 'Dismiss', title: 'Dismiss' });
    close.append(icon('close'));
    close.addEventListener('click', () => this.clear());
    this.element.append(this.#calm, this.#error, close);
  }

  show(tone: Tone, sentence: string): void {
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
