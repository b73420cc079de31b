import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { count, decimalsFor, fixed } from '../format.ts';

type Component = Report['components'][number];

/** Okabe–Ito has seven colours; further components start over and are told apart by number. */
export function componentColour(index: number): string {
  return `var(--component-${(index % 7) + 1})`;
}

interface Row {
  row: HTMLTableRowElement;
  dot: HTMLElement;
  cells: HTMLTableCellElement[];
  note: HTMLTableRowElement;
  words: HTMLElement;
  move: HTMLButtonElement;
}

interface Digits {
  mean: number;
  deviation: number;
}

/** The decimals that show an axis of the whole mixture, its mean and its spread, to three digits. */
function digitsFor(components: Component[], axis: number, dimensions: number): Digits {
  let mean = 0;
  let square = 0;
  for (const { weight, mean: centre, covariance } of components) {
    const m = centre[axis] ?? 0;
    mean += weight * m;
    square += weight * (m * m + (covariance[axis * dimensions + axis] ?? 0));
  }
  const spread = Math.sqrt(Math.max(0, square - mean * mean));
  const deviation = decimalsFor(spread);
  // Means far from zero and close together need the digits in which they differ.
  const close = Math.max(0, decimalsFor(spread) - 1);
  return { deviation, mean: Math.max(close, decimalsFor(Math.abs(mean) + spread)) };
}

export interface ComponentActions {
  moveToWorst(component: number): void;
  /** Makes the points of a component stand out; of none where it is left away. */
  lookAt(component?: number): void;
}

/** Weight, mean, standard deviations and correlation of every component. */
export class ComponentTable {
  readonly element: HTMLElement;
  readonly #head = make('tr');
  readonly #body = make('tbody');
  readonly #off = make('p', { class: 'off', hidden: true });
  readonly #actions: ComponentActions;
  /** The component whose points stand out until its button is pressed again. */
  #kept: number | undefined;
  #weight = '';
  #rows: Row[] = [];
  #dimensions = 0;
  #scaledFor = '';
  #digits: Digits[] = [];

  constructor(actions: ComponentActions) {
    this.#actions = actions;
    const table = make('table', {}, make('thead', {}, this.#head), this.#body);
    this.element = make(
      'div',
      { class: 'components' },
      make(
        'div',
        { class: 'table', tabindex: 0, role: 'region', 'aria-label': 'Table of components' },
        table,
      ),
      this.#off,
    );
  }

  show(report: Report): void {
    const dimensions = report.components[0]?.mean.length ?? 0;
    this.element.hidden = dimensions === 0;
    if (dimensions !== this.#dimensions) this.#setDimensions(dimensions, report.weightName);
    this.#scale(report, dimensions);
    if (this.#kept !== undefined && this.#kept >= report.components.length) {
      this.#kept = undefined;
      this.#look(undefined);
    }
    while (this.#rows.length > report.components.length) {
      const last = this.#rows.pop();
      last?.row.remove();
      last?.note.remove();
    }
    report.components.forEach((component, index) => {
      this.#fill(this.#rows[index] ?? this.#addRow(index), component, report.colors[index] ?? 0);
    });
    const off = report.components.filter(({ status }) => status === 'off').length;
    this.#off.hidden = off === 0;
    setText(this.#off, `${count(off)} off`);
  }

  #setDimensions(dimensions: number, weight: string): void {
    this.#dimensions = dimensions;
    this.#weight = weight;
    this.#rows = [];
    this.#body.replaceChildren();
    const names = dimensions > 1 ? [weight, 'Mean', 'σ', 'ρ'] : [weight, 'Mean', 'σ'];
    const titles: Record<string, string> = {
      σ: 'Standard deviation along each axis',
      ρ: 'Correlation between the axes',
    };
    this.#head.replaceChildren(
      make('th', { scope: 'col' }, make('span', { class: 'visually-hidden' }, 'Component')),
      ...names.map((name) => make('th', { scope: 'col', title: titles[name] }, name)),
    );
  }

  /** Digits are chosen once a data set, so that numbers keep their place while they tick. */
  #scale(report: Report, dimensions: number): void {
    const { name, label, points } = report.dataset;
    const key = `${name} ${label} ${points} ${dimensions}`;
    if (key === this.#scaledFor) return;
    this.#scaledFor = key;
    this.#digits = Array.from({ length: dimensions }, (_, axis) =>
      digitsFor(report.components, axis, dimensions),
    );
  }

  #addRow(index: number): Row {
    const dot = make('span', { class: 'dot' });
    const head = make('th', { scope: 'row' }, this.#name(index, dot));
    const cells = Array.from({ length: this.#dimensions > 1 ? 4 : 3 }, () => make('td'));
    const row = make('tr', {}, head, ...cells);
    const words = make('span');
    const move = make(
      'button',
      { type: 'button', class: 'link' },
      'Move to the worst-explained point',
    );
    move.addEventListener('click', () => this.#actions.moveToWorst(index));
    row.addEventListener('pointerenter', () => this.#look(index));
    row.addEventListener('pointerleave', () => this.#look(this.#kept));
    const note = make(
      'tr',
      { class: 'note', hidden: true },
      make('td'),
      make('td', { colspan: cells.length }, words, move),
    );
    this.#body.append(row, note);
    const made = { row, dot, cells, note, words, move };
    this.#rows.push(made);
    return made;
  }

  /** What a component is called; of a mixture a press makes its points stand out until the next. */
  #name(index: number, dot: HTMLElement): HTMLElement {
    const number = String(index + 1);
    if (!this.#hasPoints) return make('span', {}, dot, number);
    const button = make(
      'button',
      { type: 'button', class: 'component-name', 'aria-pressed': 'false' },
      dot,
      number,
    );
    button.setAttribute('aria-label', `${number}: show its points`);
    button.title = 'Its points stand out; press to keep it so';
    button.addEventListener('click', () => {
      this.#kept = this.#kept === index ? undefined : index;
      this.#look(this.#kept);
      this.#showKept();
    });
    return button;
  }

  /** A sum's Gaussians have no points of their own. */
  get #hasPoints(): boolean {
    return this.#weight === 'Weight';
  }

  #look(component: number | undefined): void {
    if (this.#hasPoints) this.#actions.lookAt(component);
  }

  #showKept(): void {
    this.#rows.forEach(({ row }, index) => {
      row
        .querySelector('.component-name')
        ?.setAttribute('aria-pressed', String(index === this.#kept));
    });
  }

  #fill({ row, dot, cells, note, words, move }: Row, component: Component, colour: number): void {
    dot.style.background = componentColour(colour);
    const { weight, mean, covariance, status } = component;
    const dimensions = this.#dimensions;
    const deviations = mean.map((_, axis) => Math.sqrt(covariance[axis * dimensions + axis] ?? 0));
    const texts = [
      fixed(weight, 2),
      mean.map((value, axis) => fixed(value, this.#digits[axis]?.mean ?? 2)).join(', '),
      deviations.map((value, axis) => fixed(value, this.#digits[axis]?.deviation ?? 2)).join(', '),
    ];
    if (dimensions > 1) {
      const product = (deviations[0] ?? 0) * (deviations[1] ?? 0);
      texts.push(product > 0 ? fixed((covariance[1] ?? 0) / product, 2) : fixed(0, 2));
    }
    cells.forEach((cell, index) => {
      setText(cell, texts[index] ?? '');
    });
    row.dataset.state = status;
    row.hidden = status === 'off';
    row.title = covarianceInWords(covariance, dimensions);
    note.hidden = status === 'active' || status === 'off';
    move.hidden = status !== 'empty';
    setText(words, status === 'empty' ? 'Empty. ' : 'Held at the minimum variance');
  }
}

/** The covariance matrix, row by row. */
function covarianceInWords(covariance: number[], dimensions: number): string {
  const rows = Array.from({ length: dimensions }, (_, row) =>
    covariance
      .slice(row * dimensions, (row + 1) * dimensions)
      .map((value) => value.toPrecision(4).replace('-', '\u2212'))
      .join(', '),
  );
  return `Covariance: ${rows.join('; ')}`;
}

/** The weights in one line, for a closed drawer. */
export function weightsInWords(report: Report): string {
  const on = report.components.filter(({ status }) => status !== 'off');
  const shown = on.slice(0, 3).map(({ weight }) => fixed(weight, 2));
  const more = on.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}
