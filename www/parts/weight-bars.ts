import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { componentColour } from '../fit/component-table.ts';
import { count, fixed } from '../format.ts';
import type { Part } from './index.ts';

interface Bar {
  readonly row: HTMLElement;
  readonly dot: HTMLElement;
  readonly bar: HTMLElement;
  readonly value: HTMLElement;
}

/** The weights of the components that are on as bars, the largest first, and how many are off. */
export class WeightBars implements Part {
  readonly element: HTMLElement;
  readonly place = 'instead';
  readonly #active = make('p', { class: 'active-count' });
  readonly #list = make('ol', { class: 'bars', 'aria-label': 'Weights, the largest first' });
  readonly #off = make('p', { class: 'bars-off' });
  readonly #offWords = make('span');
  #bars: Bar[] = [];

  constructor() {
    this.#off.append(make('span', { class: 'dots', 'aria-hidden': 'true' }), this.#offWords);
    this.element = make('div', { class: 'weight-bars' }, this.#active, this.#list, this.#off);
  }

  show({ components, colors }: Report): void {
    const on = components
      .map(({ weight, status }, index) => ({ weight, status, index }))
      .filter(({ status }) => status !== 'off')
      .sort((a, b) => b.weight - a.weight);
    setText(this.#active, `${count(on.length)} of ${count(components.length)} active`);
    while (this.#bars.length > on.length) this.#bars.pop()?.row.remove();
    const most = on[0]?.weight ?? 1;
    on.forEach(({ weight, index }, place) => {
      const { row, dot, bar, value } = this.#bars[place] ?? this.#add();
      const colour = componentColour(colors[index] ?? index);
      // What a pointer over the row may point out on the canvas.
      row.dataset.component = String(index);
      row.dataset.weight = String(weight);
      dot.style.background = colour;
      bar.style.background = colour;
      bar.style.width = `${(100 * weight) / most}%`;
      setText(value, fixed(weight, 3));
    });
    const off = components.length - on.length;
    this.#off.hidden = off === 0;
    setText(this.#offWords, `${count(off)} off`);
  }

  #add(): Bar {
    const dot = make('span', { class: 'dot' });
    const bar = make('span', { class: 'bar' });
    const value = make('span', { class: 'value' });
    const row = make('li', {}, dot, make('span', { class: 'bar-track' }, bar), value);
    this.#list.append(row);
    const made = { row, dot, bar, value };
    this.#bars.push(made);
    return made;
  }
}
