import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';

type Trouble = Report['troubles'][number];

/** What goes wrong with the fit, each in one sentence with one button that mends it. */
export class Troubles {
  readonly element = make('ul', { class: 'troubles', 'aria-live': 'polite' });
  readonly #repair: (trouble: Trouble) => void;
  #rows: { row: HTMLElement; words: HTMLElement; fix: HTMLButtonElement }[] = [];
  #shown: Trouble[] = [];
  readonly #dismissed = new Set<string>();

  constructor(repair: (trouble: Trouble) => void) {
    this.#repair = repair;
  }

  show({ troubles, iteration }: Report): void {
    // A fit that begins again may tell again.
    if (iteration === 0) this.#dismissed.clear();
    // Of several of one kind the first is enough: when it is mended the next is told.
    const told = new Set(this.#dismissed);
    this.#shown = troubles.filter(({ kind }) => !told.has(kind) && told.add(kind));
    while (this.#rows.length < this.#shown.length) this.#addRow(this.#rows.length);
    this.#rows.forEach(({ row, words, fix }, index) => {
      const trouble = this.#shown[index];
      row.hidden = trouble === undefined;
      if (!trouble) return;
      row.dataset.kind = trouble.kind;
      setText(words, trouble.sentence);
      setText(fix, trouble.fix);
      fix.hidden = trouble.fix === '';
    });
  }

  #addRow(index: number): void {
    const words = make('span');
    const fix = make('button', { type: 'button', class: 'plain' });
    const dismiss = make('button', { type: 'button', class: 'link' }, 'Dismiss');
    const row = make('li', {}, words, fix, dismiss);
    fix.addEventListener('click', () => {
      const trouble = this.#shown[index];
      if (trouble) this.#repair(trouble);
    });
    dismiss.addEventListener('click', () => {
      const trouble = this.#shown[index];
      if (trouble) this.#dismissed.add(trouble.kind);
      row.hidden = true;
    });
    this.#rows.push({ row, words, fix });
    this.element.append(row);
  }
}
