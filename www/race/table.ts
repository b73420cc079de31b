import { conditionColour } from '../comparison/strokes.ts';
import { error } from '../comparison/words.ts';
import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { count, fixed } from '../format.ts';
import type { Measure } from './measure.ts';
import { type Standing, seconds } from './standings.ts';

/** A contestant's row. */
export interface Row extends Standing {
  word: string;
  bic: number | undefined;
}

const bicOf = ({ measures }: Report): number | undefined =>
  measures.find(({ name }) => name === 'bic')?.value;

export function rowOf(standing: Standing, word: string, report: Report | undefined): Row {
  return { ...standing, word, bic: report && bicOf(report) };
}

const columns = ['score', 'bic', 'iterations', 'seconds', 'status', 'why'] as const;
type Column = (typeof columns)[number];

/** The numbers of all contestants. */
export class RaceTable {
  readonly element: HTMLElement;
  readonly #head = new Map<Column, HTMLElement>();
  readonly #body = make('tbody');
  #rows: { row: HTMLElement; name: HTMLElement; cells: Map<Column, HTMLElement> }[] = [];

  constructor() {
    const headings: Record<Column, string> = {
      score: 'Score',
      bic: 'BIC',
      iterations: 'Iterations',
      seconds: 'Seconds',
      status: 'Status',
      why: 'Why it stopped',
    };
    for (const column of columns) {
      this.#head.set(column, make('th', { scope: 'col', 'data-name': column }, headings[column]));
    }
    this.element = make(
      'div',
      {
        class: 'table race-table',
        tabindex: 0,
        role: 'region',
        'aria-label': 'Numbers of the race',
      },
      make(
        'table',
        {},
        make(
          'thead',
          {},
          make('tr', {}, make('th', { scope: 'col' }, 'Contestant'), ...this.#head.values()),
        ),
        this.#body,
      ),
    );
  }

  show(rows: readonly Row[], leaders: readonly number[], measure: Measure): void {
    if (rows.length !== this.#rows.length) this.#make(rows.length);
    const score = this.#head.get('score');
    if (score) setText(score, measure.words);
    const anyBic = rows.some(({ bic }) => bic !== undefined);
    this.element.classList.toggle('without-bic', !anyBic);
    rows.forEach((row, index) => {
      const place = this.#rows[index];
      if (!place) return;
      setText(place.name, row.label);
      place.row.classList.toggle('best', leaders.includes(index));
      const put = (column: Column, words: string, value: string | number | undefined): void => {
        const cell = place.cells.get(column);
        if (!cell) return;
        setText(cell, words);
        cell.dataset.value = String(value ?? '');
      };
      const say = measure.axis === 'linear' ? (v: number) => fixed(v, 3) : error;
      put('score', row.score === undefined ? '–' : say(row.score), row.score);
      put('bic', row.bic === undefined ? '–' : fixed(row.bic, 1), row.bic);
      put('iterations', count(row.iterations), row.iterations);
      put('seconds', seconds(row.seconds).replace(' s', ''), row.seconds);
      put('status', row.word, row.state);
      put('why', row.message, row.message);
    });
  }

  #make(length: number): void {
    this.#rows = Array.from({ length }, (_, index) => {
      const dot = make('span', { class: 'dot' });
      dot.style.background = conditionColour(index);
      const name = make('span');
      const cells = new Map(columns.map((column) => [column, make('td', { 'data-name': column })]));
      const row = make('tr', {}, make('th', { scope: 'row' }, dot, name), ...cells.values());
      return { row, name, cells };
    });
    this.#body.replaceChildren(...this.#rows.map(({ row }) => row));
  }
}
