import { make, setText, uniqueId } from '../dom.ts';
import { errorMessage } from '../engine/protocol.ts';

/** A place to paste a table. */
export class PasteDialog {
  readonly element: HTMLDialogElement;
  readonly #text: HTMLTextAreaElement;
  readonly #error = make('p', { class: 'error', role: 'alert' });

  constructor(use: (text: string) => Promise<void>) {
    const title = uniqueId('paste-title');
    const hint = uniqueId('paste-hint');
    this.#text = make('textarea', {
      rows: 10,
      spellcheck: 'false',
      'aria-labelledby': title,
      'aria-describedby': hint,
      placeholder: '3.6, 79\n1.8, 54\n3.333, 74',
    });
    const go = make('button', { type: 'submit', class: 'filled' }, 'Use these points');
    const cancel = make('button', { type: 'button', class: 'plain' }, 'Cancel');
    cancel.addEventListener('click', () => this.element.close());
    const form = make(
      'form',
      { method: 'dialog' },
      make('h2', { id: title }, 'Paste your points'),
      make(
        'p',
        { class: 'hint-text', id: hint },
        'One row a point, one or two columns of numbers. A header row is fine.',
      ),
      this.#text,
      this.#error,
      make('div', { class: 'actions' }, go, cancel),
    );
    form.addEventListener('submit', (event) => {
      // It closes only once the text turned out to be usable.
      event.preventDefault();
      setText(this.#error, '');
      go.disabled = true;
      use(this.#text.value)
        .then(() => this.element.close())
        .catch((error: unknown) => setText(this.#error, errorMessage(error)))
        .finally(() => {
          go.disabled = false;
        });
    });
    this.element = make('dialog', { class: 'paste', 'aria-labelledby': title }, form);
  }

  open(): void {
    setText(this.#error, '');
    this.element.showModal();
    this.#text.focus();
  }
}
