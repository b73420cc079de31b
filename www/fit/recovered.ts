import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { decimalsFor, fixed } from '../format.ts';
import { componentColour } from './component-table.ts';

/** What has become of one of the Gaussians that targets were made of, or points drawn from. */
type Recovered = Report['recovered'][number];

interface Row {
  row: HTMLTableRowElement;
  dot: HTMLElement;
  status: HTMLElement;
  distance: HTMLElement;
  amplitude: HTMLElement;
  truth: Text;
}

/** Which of the true Gaussians were found, how far off, and with how much of their amplitude or weight. */
export class RecoveredTable {
  readonly element: HTMLElement;
  readonly #count = make('output', { name: 'recovered' });
  readonly #body = make('tbody');
  readonly #amplitude = make('th', { scope: 'col' });
  #rows: Row[] = [];

  constructor() {
    const head = (words: string): HTMLElement => make('th', { scope: 'col' }, words);
    const table = make(
      'table',
      {},
      make('thead', {}, make('tr', {}, head('True'), head('Off by'), this.#amplitude)),
      this.#body,
    );
    this.element = make(
      'div',
      { class: 'section recovered', hidden: true },
      make('h2', {}, 'Recovered', this.#count),
      table,
    );
  }

  /** Tells nothing while the truth is to stay hidden. */
  show({ recovered, weightName, colors }: Report, seen: boolean): void {
    const amplitude = weightName === 'Amp.' ? 'Amplitude' : 'Weight';
    setText(this.#amplitude, amplitude);
    this.element.hidden = recovered.length === 0 || !seen;
    const found = recovered.filter(({ status }) => status === 'found').length;
    setText(this.#count, `${found} of ${recovered.length}`);
    this.#count.dataset.value = String(found);
    while (this.#rows.length > recovered.length) this.#rows.pop()?.row.remove();
    recovered.forEach((one, index) => {
      const colour = colors[one.color] ?? one.color;
      fill(this.#rows[index] ?? this.#addRow(), one, amplitude.toLowerCase(), colour);
    });
  }

  #addRow(): Row {
    const dot = make('span', { class: 'dot' });
    const status = make('span', { class: 'status' });
    const distance = make('td');
    const amplitude = make('strong');
    const truth = document.createTextNode('');
    const cell = make('td', {}, amplitude, truth);
    const row = make('tr', {}, make('th', { scope: 'row' }, dot, status), distance, cell);
    this.#body.append(row);
    const made = { row, dot, status, distance, amplitude, truth };
    this.#rows.push(made);
    return made;
  }
}

function fill(
  row: Row,
  { status, distance, amplitude, trueAmplitude, components }: Recovered,
  name: string,
  colour: number,
): void {
  row.row.dataset.status = status;
  row.row.title = inWords[status](name);
  row.dot.style.background = componentColour(colour);
  setText(row.status, status === 'split' ? `split by ${components.length}` : status);
  setText(row.distance, distance === null ? '\u2013' : `${fixed(distance, 2)} σ`);
  const digits = Math.min(3, decimalsFor(trueAmplitude));
  setText(row.amplitude, status === 'missed' ? '\u2013' : fixed(amplitude, digits));
  row.truth.data = ` of ${fixed(trueAmplitude, digits)}`;
}

const inWords: Record<Recovered['status'], (amplitude: string) => string> = {
  found: (amplitude) =>
    `One of the learned ones is within a quarter of its σ, with its ${amplitude} to within a fifth.`,
  split: (amplitude) =>
    `Several of the learned ones within one σ of it make up its ${amplitude} together.`,
  missed: () => 'None of the learned ones is like it; how far off the nearest is.',
};
