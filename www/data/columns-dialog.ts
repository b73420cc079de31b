import type { ColumnCheck, TableSummary } from '../../pkg/gaussian_playground.js';
import { make, setText, uniqueId } from '../dom.ts';
import { errorMessage } from '../engine/protocol.ts';
import { count, plural } from '../format.ts';
import { icon } from '../icons.ts';

export interface ColumnsActions {
  check(columns: number[]): Promise<ColumnCheck>;
  use(columns: number[]): Promise<void>;
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

/** Which one or two columns of a table are the points, and what is wrong with their rows. */
export class ColumnsDialog {
  readonly element: HTMLDialogElement;
  readonly #title: HTMLHeadingElement;
  readonly #about = make('p', { class: 'hint-text' });
  readonly #first = make('select', { id: uniqueId('first-column') });
  readonly #second = make('select', { id: uniqueId('second-column') });
  readonly #problems = make('ol', { class: 'problems', tabindex: 0, 'aria-label': 'Problems' });
  readonly #summary = make('p', { class: 'problem-summary', role: 'status' });
  readonly #error = make('p', { class: 'error', role: 'alert' });
  readonly #use = make('button', { type: 'submit', class: 'filled' }, 'Use');
  readonly #actions: ColumnsActions;
  #round = 0;

  constructor(actions: ColumnsActions) {
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
    for (const select of [this.#first, this.#second]) {
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
    this.#first.replaceChildren(...options(table.suggested[0]));
    this.#second.replaceChildren(
      make(
        'option',
        { value: '', selected: table.suggested[1] === undefined },
        'None: one dimension',
      ),
      ...options(table.suggested[1]),
    );
    setText(this.#error, '');
    this.element.showModal();
    void this.#check();
  }

  get #columns(): number[] {
    const first = Number(this.#first.value);
    const second = this.#second.value === '' ? undefined : Number(this.#second.value);
    return second === undefined || second === first ? [first] : [first, second];
  }

  async #check(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.#use.disabled = true;
    setText(this.#error, '');
    try {
      const check = await this.#actions.check(this.#columns);
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
      await this.#actions.use(this.#columns);
      this.element.close();
    } catch (error) {
      setText(this.#error, errorMessage(error));
    } finally {
      this.#use.disabled = false;
    }
  }
}
