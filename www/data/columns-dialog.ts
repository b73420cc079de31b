import type { ColumnCheck, TableSummary } from '../../pkg/gaussian_playground.js';
import { make, setText, uniqueId } from '../dom.ts';
import { errorMessage } from '../engine/protocol.ts';
import { count, plural } from '../format.ts';
import { icon } from '../icons.ts';

export interface ColumnsActions {
  check(columns: number[], weight?: number): Promise<ColumnCheck>;
  use(columns: number[], weight?: number): Promise<void>;
}

/** What a further column stands for: a weight may be left out, a target is what is predicted. */
export type Further = 'weight' | 'target';

interface Chosen {
  columns: number[];
  weight?: number;
}

/** "Line 5: flipper_length_mm is NA — not a number". */
export function problemSentence(problem: ColumnCheck['problems'][number]): string {
  const value = problem.value.trim() === '' ? 'empty' : problem.value;
  return `Line ${count(problem.line)}: ${problem.column} is ${value} \u2014 ${problem.reason}`;
}

export function useWords(check: ColumnCheck): string {
  const dropped = check.rows - check.kept;
  const use = `Use ${plural(check.kept, 'row')}`;
  return dropped > 0 ? `${use}, drop ${count(dropped)}` : use;
}

/**
 * Which one or two columns of a table are the points, which is their weight or target, and what is
 * wrong with their rows.
 */
export class ColumnsDialog {
  readonly element: HTMLDialogElement;
  readonly #title: HTMLHeadingElement;
  readonly #about = make('p', { class: 'hint-text' });
  readonly #first = make('select', { id: uniqueId('first-column') });
  readonly #second = make('select', { id: uniqueId('second-column') });
  readonly #third = make('select', { id: uniqueId('third-column') });
  readonly #further: Further;
  readonly #problems = make('ol', { class: 'problems', tabindex: 0, 'aria-label': 'Problems' });
  readonly #summary = make('p', { class: 'problem-summary', role: 'status' });
  readonly #error = make('p', { class: 'error', role: 'alert' });
  readonly #use = make('button', { type: 'submit', class: 'filled' }, 'Use');
  readonly #actions: ColumnsActions;
  #round = 0;

  constructor(further: Further, actions: ColumnsActions) {
    this.#further = further;
    this.#actions = actions;
    this.#title = make('h2', { id: uniqueId('columns-title') }, 'Choose columns');
    const cancel = make('button', { type: 'button', class: 'plain' }, 'Cancel');
    cancel.addEventListener('click', () => this.element.close());
    const form = make(
      'form',
      { method: 'dialog' },
      this.#title,
      this.#about,
      make(
        'div',
        { class: 'pickers' },
        make('label', { for: this.#first.id }, 'Across'),
        make('span', { class: 'select' }, this.#first, icon('chevron')),
        make('label', { for: this.#second.id }, 'Up'),
        make('span', { class: 'select' }, this.#second, icon('chevron')),
        make('label', { for: this.#third.id }, further === 'weight' ? 'Weight' : 'Target'),
        make('span', { class: 'select' }, this.#third, icon('chevron')),
      ),
      this.#summary,
      this.#problems,
      this.#error,
      make('div', { class: 'actions' }, this.#use, cancel),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    for (const select of [this.#first, this.#second, this.#third]) {
      select.addEventListener('change', () => void this.#check());
    }
    this.element = make('dialog', { class: 'columns', 'aria-labelledby': this.#title.id }, form);
  }

  open(table: TableSummary): void {
    setText(
      this.#about,
      `${table.name}: ${plural(table.rows, 'row')}, ${plural(table.columns.length, 'column')}.`,
    );
    const options = (chosen: number | undefined): HTMLOptionElement[] =>
      table.columns.map((column) => {
        const examples = column.examples.slice(0, 3).join(', ');
        const text = column.numbers > 0 ? examples : `no numbers: ${examples}`;
        return make(
          'option',
          {
            value: column.index,
            selected: column.index === chosen,
            disabled: column.numbers === 0,
          },
          `${column.name} (${text})`,
        );
      });
    const none = (words: string, selected: boolean): HTMLOptionElement =>
      make('option', { value: '', selected }, words);
    const numeric = table.columns.filter(({ numeric }) => numeric).map(({ index }) => index);
    const target = this.#further === 'target' ? numeric.at(-1) : undefined;
    // The target is what is left when the inputs are chosen.
    const inputs = table.suggested.filter((index) => index !== target);
    const first = inputs[0] ?? table.suggested[0];
    this.#first.replaceChildren(...options(first));
    this.#second.replaceChildren(
      none('None: one dimension', inputs[1] === undefined),
      ...options(inputs[1]),
    );
    this.#third.replaceChildren(
      ...(this.#further === 'weight' ? [none('None: all count once', true)] : []),
      ...options(target),
    );
    setText(this.#error, '');
    this.element.showModal();
    void this.#check();
  }

  get #chosen(): Chosen {
    const chosen = [this.#first, this.#second].filter(({ value }) => value !== '');
    const columns = [...new Set(chosen.map(({ value }) => Number(value)))];
    if (this.#third.value === '') return { columns };
    const third = Number(this.#third.value);
    return this.#further === 'weight'
      ? { columns, weight: third }
      : { columns: [...columns, third] };
  }

  async #check(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.#use.disabled = true;
    setText(this.#error, '');
    try {
      const { columns, weight } = this.#chosen;
      const check = await this.#actions.check(columns, weight);
      if (round !== this.#round) return;
      this.#showCheck(check);
    } catch (error) {
      if (round !== this.#round) return;
      this.#problems.hidden = true;
      setText(this.#summary, '');
      setText(this.#use, 'Use');
      setText(this.#error, errorMessage(error));
    }
  }

  #showCheck(check: ColumnCheck): void {
    const { problems, problemCount } = check;
    this.#problems.hidden = problems.length === 0;
    this.#problems.replaceChildren(
      ...problems.map((problem) => make('li', {}, problemSentence(problem))),
    );
    setText(
      this.#summary,
      problemCount === 0
        ? 'Every row has the numbers it needs.'
        : `${plural(problemCount, 'row')} cannot be used${problemCount > problems.length ? '; the first are' : ''}:`,
    );
    setText(this.#use, useWords(check));
    this.#use.disabled = check.kept === 0;
  }

  async #submit(): Promise<void> {
    setText(this.#error, '');
    this.#use.disabled = true;
    try {
      const { columns, weight } = this.#chosen;
      await this.#actions.use(columns, weight);
      this.element.close();
    } catch (error) {
      setText(this.#error, errorMessage(error));
    } finally {
      this.#use.disabled = false;
    }
  }
}
