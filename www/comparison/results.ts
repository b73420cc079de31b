import type { ComparisonCell, ComparisonPlan } from '../../pkg/gaussian_playground.js';
import { make, setText } from '../dom.ts';
import { plural } from '../format.ts';
import { csv, download } from '../save.ts';
import type { Summary } from './statistics.ts';
import { conditionColour } from './strokes.ts';
import type { Course } from './study.ts';
import { error, meanInWords } from './words.ts';

/** One row a cell: what it is, what came of it, and every setting of it. */
export function resultsCsv({ plan, results }: Course): string {
  const names = [...new Set(plan.cells.flatMap(({ change }) => Object.keys(change)))];
  // Columns of the results have names of their own: "components" is a setting, too.
  const columns = [
    'condition',
    'learnedK',
    'dataSetNumber',
    'startNumber',
    'testMse',
    'trainMse',
    'recovered',
    'trueNumber',
    'iterations',
    'seconds',
    'state',
    'failure',
    ...names.map((name) => `setting:${name}`),
  ];
  const rows = plan.cells.flatMap((cell, index) => {
    const result = results[index];
    if (!result) return [];
    return [
      [
        plan.conditions[cell.condition]?.name ?? '',
        cell.components,
        cell.dataSet + 1,
        cell.start + 1,
        result.test,
        result.train,
        result.found,
        result.truth,
        result.iterations,
        result.seconds,
        result.state,
        result.failure,
        ...names.map((name) => String(cell.change[name] ?? '')),
      ],
    ];
  });
  return csv(columns, rows);
}

export interface ResultsActions {
  open(cell: ComparisonCell): void;
  address(cell: ComparisonCell): string;
}

/** A link that opens one fit by itself. */
function cellLink(words: string, cell: ComparisonCell, actions: ResultsActions): HTMLElement {
  const link = make(
    'a',
    { class: 'link', href: actions.address(cell), title: 'Open this fit' },
    words,
  );
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    actions.open(cell);
  });
  return link;
}

/** The fits of one size under one condition. */
class Row {
  readonly element: HTMLElement;
  readonly #mean = make('td');
  readonly #least = make('td');
  readonly #n = make('td');
  readonly #actions: ResultsActions;
  #best: ComparisonCell | undefined;

  constructor(components: number, actions: ResultsActions) {
    this.#actions = actions;
    this.element = make(
      'tr',
      { 'data-components': components },
      make('th', { scope: 'row' }, String(components)),
      this.#mean,
      this.#least,
      this.#n,
    );
  }

  show(summary: Summary): void {
    const { n, mean, deviation, least, best } = summary;
    setText(this.#mean, meanInWords(summary));
    this.#mean.dataset.value = String(mean);
    this.#mean.dataset.deviation = String(deviation);
    setText(this.#n, String(n));
    if (best === this.#best && best) return;
    this.#best = best;
    this.#least.dataset.value = String(least);
    this.#least.replaceChildren(best ? cellLink(error(least), best, this.#actions) : '–');
  }
}

/** The table of conditions and sizes, what failed, and the numbers as a file. */
export class Results {
  readonly element: HTMLElement;
  readonly #table = make('div', {
    class: 'table',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Test error by condition and size',
  });
  readonly #failures = make('div', { class: 'failures', hidden: true });
  readonly #save = make('button', { type: 'button', class: 'plain' }, 'Download CSV');
  readonly #none = make('p', { class: 'off' }, 'Nothing has been run yet.');
  readonly #actions: ResultsActions;
  #course: Course | undefined;
  #plan: ComparisonPlan | undefined;
  #rows: [readonly [condition: number, size: number], Row][] = [];

  constructor(actions: ResultsActions) {
    this.#actions = actions;
    this.#save.addEventListener('click', () => {
      if (!this.#course) return;
      const blob = new Blob([resultsCsv(this.#course)], { type: 'text/csv' });
      download(blob, 'comparison-results.csv');
    });
    this.element = make(
      'div',
      { class: 'results' },
      this.#none,
      this.#table,
      this.#failures,
      this.#save,
    );
    this.show(undefined, []);
  }

  show(course: Course | undefined, summaries: readonly (readonly Summary[])[]): void {
    this.#course = course;
    const any = course?.results.some((result) => result !== undefined) ?? false;
    this.#none.hidden = any;
    this.#table.hidden = !any;
    this.#save.hidden = !any;
    if (course) this.#fill(course.plan, summaries);
    this.#showFailures(course);
  }

  #fill(plan: ComparisonPlan, summaries: readonly (readonly Summary[])[]): void {
    if (plan !== this.#plan) this.#make(plan, summaries);
    for (const [key, row] of this.#rows) {
      const [condition = 0, size = 0] = key;
      const summary = summaries[condition]?.[size];
      if (summary) row.show(summary);
    }
  }

  /** The rows stay while results arrive, so that what is focused in them does, too. */
  #make(plan: ComparisonPlan, summaries: readonly (readonly Summary[])[]): void {
    this.#plan = plan;
    this.#rows = [];
    const head = make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'col' }, 'K'),
        make('th', { scope: 'col', title: 'Mean and sample standard deviation' }, 'Mean ± std'),
        make('th', { scope: 'col', title: 'The least' }, 'Min'),
        make('th', { scope: 'col', title: 'Fits that count' }, 'n'),
      ),
    );
    const bodies = summaries.map((line, condition) => {
      const dot = make('span', { class: 'dot' });
      dot.style.background = conditionColour(condition);
      const { name = '', label = '' } = plan.conditions[condition] ?? {};
      const body = make(
        'tbody',
        { 'data-condition': name },
        make(
          'tr',
          { class: 'condition' },
          make('th', { scope: 'rowgroup', colspan: 4 }, dot, label),
        ),
      );
      line.forEach((summary, size) => {
        const row = new Row(summary.components, this.#actions);
        this.#rows.push([[condition, size], row]);
        body.append(row.element);
      });
      return body;
    });
    this.#table.replaceChildren(make('table', {}, head, ...bodies));
  }

  #showFailures(course: Course | undefined): void {
    const failed = (course?.plan.cells ?? []).flatMap((cell, index) => {
      const failure = course?.results[index]?.failure ?? '';
      return failure === '' ? [] : [{ cell, failure }];
    });
    this.#failures.hidden = failed.length === 0;
    const list = make('ul');
    for (const { cell, failure } of failed) {
      const condition = course?.plan.conditions[cell.condition]?.label ?? '';
      const words = `${condition}, K = ${cell.components}, data set ${cell.dataSet + 1}, start ${cell.start + 1}`;
      list.append(make('li', {}, cellLink(words, cell, this.#actions), `: ${failure}`));
    }
    const summary = make('summary');
    setText(summary, `${plural(failed.length, 'fit')} failed and not averaged`);
    const open = this.#failures.querySelector('details')?.open ?? false;
    this.#failures.replaceChildren(make('details', { open }, summary, list));
  }
}
