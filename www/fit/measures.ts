import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { readable } from '../format.ts';
import { output } from './readouts.ts';

interface Row {
  name: string;
  row: HTMLElement;
  label: HTMLElement;
  value: HTMLOutputElement;
}

/** The numbers beside the one to watch, each with what it means as a title. */
export class Measures {
  readonly element = make('dl', { class: 'sums' });
  #rows: Row[] = [];

  show({ measures }: Report): void {
    const names = measures.map(({ name }) => name).join(' ');
    if (names !== this.#rows.map(({ name }) => name).join(' ')) {
      this.#rows = measures.map(({ name }) => makeRow(name));
      this.element.replaceChildren(...this.#rows.map(({ row }) => row));
    }
    measures.forEach(({ label, value, decimals, unit, help }, index) => {
      const row = this.#rows[index];
      if (!row) return;
      setText(row.label, label);
      setText(
        row.value,
        unit === '' ? readable(value, decimals) : `${readable(value, decimals)} ${unit}`,
      );
      row.value.dataset.value = String(value);
      row.row.title = help;
    });
  }
}

function makeRow(name: string): Row {
  const label = make('dt');
  const value = output(name);
  return { name, row: make('div', {}, label, make('dd', {}, value)), label, value };
}
