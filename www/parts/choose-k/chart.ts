import { apart } from '../../comparison/scale.ts';
import { make, uniqueId } from '../../dom.ts';
import { count, fixed } from '../../format.ts';
import { draw } from '../../svg.ts';
import { roundTicks, upperEnd } from './scale.ts';
import { type Cell, type Counted, type Criterion, counted, mostComponents, pick } from './study.ts';

export interface ChartContent {
  cells: readonly Cell[];
  criterion: Criterion;
  /** The shapes in their order, with their names in words. */
  types: readonly { value: string; label: string }[];
  /** The fit on the page. */
  present: { components: number; covarianceType: string };
}

export interface ChartActions {
  open(cell: Counted): void;
  /** What is pointed at has changed. */
  looked(cell: Counted | undefined): void;
}

const height = 172;
const margin = { top: 8, right: 56, bottom: 22, left: 32 };
/** How near the pointer has to be, in CSS pixels. */
const reach = 18;
/** Lines of shapes other than the page's. */
const dashes = ['none', '7 3', '7 3 2 3', '2 3'] as const;

interface Spot {
  cell: Counted;
  x: number;
  y: number;
  /** Whether it lies above the chart. */
  beyond: boolean;
}

/** "3, diagonal". */
export function sizeInWords(
  { components, covarianceType }: Pick<Cell, 'components' | 'covarianceType'>,
  types: ChartContent['types'],
): string {
  const label = types.find(({ value }) => value === covarianceType)?.label ?? covarianceType;
  return `${components}, ${label.toLowerCase()}`;
}

/** A criterion against K, above its best, a line a shape. A press opens the fit that it was worked out for. */
export class KChart {
  readonly element = make('div', { class: 'k-chart' });
  readonly #actions: ChartActions;
  #content: ChartContent | undefined;
  #spots: Spot[] = [];
  #looked: Spot | undefined;

  constructor(actions: ChartActions) {
    this.#actions = actions;
    this.element.addEventListener('pointermove', (event) => this.#look(this.#nearest(event)));
    this.element.addEventListener('pointerleave', () => this.#look(undefined));
    this.element.addEventListener('click', (event) => {
      // What is not pressed by a pointer has no place of its own.
      const target = event.target instanceof Element ? event.target.closest('.spot') : null;
      const meant = this.#spots.find(({ cell }) => target !== null && this.#mark(cell) === target);
      const spot = this.#nearest(event) ?? meant;
      if (spot) actions.open(spot.cell);
    });
    this.element.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Call once the element is in the page: the chart is as wide as its place. */
  mount(signal: AbortSignal): void {
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.element);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  show(content: ChartContent): void {
    this.#content = content;
    this.#draw();
  }

  #draw(): void {
    const content = this.#content;
    const width = this.element.clientWidth;
    if (!content || width < 120) return;
    const focused = this.#focusedSpot();
    this.element.replaceChildren(this.#plot(content, width));
    if (focused) this.#mark(focused.cell)?.focus();
  }

  #plot(content: ChartContent, width: number): SVGSVGElement {
    const { cells, criterion, types, present } = content;
    const all = counted(cells);
    const best = pick(cells, criterion);
    const above = ({ fitted }: Counted): number =>
      fitted[criterion] - (best?.fitted[criterion] ?? 0);
    const values = all.map((cell) => ({
      components: cell.components,
      type: cell.covarianceType,
      value: above(cell),
    }));
    const end = upperEnd(values, best?.components ?? 1);
    const [bottom, right] = [height - margin.bottom, width - margin.right];
    const x = (components: number): number =>
      margin.left + 6 + ((components - 1) / (mostComponents - 1)) * (right - margin.left - 10);
    const y = (value: number): number => bottom - (value / end) * (bottom - margin.top);
    this.#spots = all.map((cell) => {
      const value = above(cell);
      const beyond = value > end;
      return { cell, x: x(cell.components), y: beyond ? margin.top : y(value), beyond };
    });
    const [title, clip] = [uniqueId('k'), uniqueId('k')];
    const name = criterion.toUpperCase();
    const plot = draw('svg', {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-labelledby': title,
    });
    const frame = { x: margin.left - 4, y: margin.top - 6, width: right - margin.left + 8 };
    const lines = draw('g', { 'clip-path': `url(#${clip})`, 'aria-hidden': 'true' });
    for (const [index, { value }] of types.entries()) {
      const own = value === present.covarianceType;
      const path = lineOf(cells, value, (cell) => [x(cell.components), y(above(cell))]);
      const line = draw('path', {
        d: path,
        class: own ? 'line own' : 'line',
        'stroke-dasharray': own ? 'none' : (dashes[index] ?? 'none'),
      });
      lines.append(line);
    }
    plot.append(
      draw('title', { id: title }, `${name} above its best, against the number of Gaussians`),
      draw('clipPath', { id: clip }, draw('rect', { ...frame, height: bottom - frame.y + 3 })),
      axes(end, x, y, right, bottom),
      lines,
      this.#names(content, bottom),
      ...this.#spots.map((spot) => this.#point(spot, content, best)),
    );
    return plot;
  }

  #point(spot: Spot, content: ChartContent, best: Counted | undefined): SVGGElement {
    const { cell, x, y, beyond } = spot;
    const { types, present, criterion } = content;
    const own = cell.covarianceType === present.covarianceType;
    const here = own && cell.components === present.components;
    const size = sizeInWords(cell, types);
    const words = `${size}: ${criterion.toUpperCase()} ${fixed(cell.fitted[criterion], 1)}`;
    const notes = [cell === best ? 'the best' : '', here ? 'the present fit' : ''];
    const kinds = ['spot', own ? 'own' : '', beyond ? 'beyond' : '', here ? 'present' : ''];
    const point = draw(
      'g',
      {
        class: kinds.filter((kind) => kind !== '').join(' '),
        role: 'button',
        // One stop for the Tab key; the arrows do the rest.
        tabindex: this.#isStop(cell, best) ? 0 : -1,
        'aria-label': [words, ...notes.filter((note) => note !== '')].join(', '),
        'data-components': cell.components,
        'data-type': cell.covarianceType,
      },
      draw('circle', { class: 'dot', cx: x, cy: y, r: here ? 4 : own ? 2.25 : 1.75 }),
      draw('circle', { class: 'focus', cx: x, cy: y, r: 8 }),
    );
    if (cell === best) {
      point.setAttribute('data-best', criterion);
      point.append(draw('circle', { class: 'best', cx: x, cy: y, r: 6 }));
    }
    point.addEventListener('focus', () => this.#look(spot));
    point.addEventListener('blur', () => this.#look(undefined));
    return point;
  }

  /** The shapes' names at the ends of their lines, moved apart where those are close. */
  #names({ types, present }: ChartContent, bottom: number): SVGGElement {
    const ends = types.flatMap(({ value, label }) => {
      const last = this.#spots.findLast(({ cell }) => cell.covarianceType === value);
      return last ? [{ ...last, value, label }] : [];
    });
    const places = apart(
      ends.map(({ y }) => y),
      13,
      bottom,
    );
    const names = draw('g', { 'aria-hidden': 'true' });
    ends.forEach(({ x, beyond, value, label }, index) => {
      // A line that has run out of the chart ends above it.
      const name = beyond ? `${label.toLowerCase()} ↑` : label.toLowerCase();
      const text = draw('text', { x: x + 8, y: (places[index] ?? 0) + 4 }, name);
      if (value === present.covarianceType) text.setAttribute('class', 'own');
      names.append(text);
    });
    return names;
  }

  #isStop(cell: Cell, best: Counted | undefined): boolean {
    const looked = this.#looked?.cell;
    const stop = looked && this.#spots.some((spot) => spot.cell === looked) ? looked : best;
    return stop === cell;
  }

  #mark({ components, covarianceType }: Cell): SVGGElement | null {
    return this.element.querySelector(
      `.spot[data-components="${components}"][data-type="${covarianceType}"]`,
    );
  }

  #focusedSpot(): Spot | undefined {
    const root = this.element.getRootNode();
    const active =
      root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
    return this.#spots.find(({ cell }) => active !== null && this.#mark(cell) === active);
  }

  #nearest(event: MouseEvent): Spot | undefined {
    const { left, top } = this.element.getBoundingClientRect();
    const [px, py] = [event.clientX - left, event.clientY - top];
    let best: Spot | undefined;
    let least = reach;
    for (const spot of this.#spots) {
      const distance = Math.hypot(spot.x - px, spot.y - py);
      if (distance < least) [least, best] = [distance, spot];
    }
    return best;
  }

  #look(spot: Spot | undefined): void {
    if (spot) this.#looked = spot;
    for (const mark of this.element.querySelectorAll('.spot.looked'))
      mark.classList.remove('looked');
    if (spot) this.#mark(spot.cell)?.classList.add('looked');
    this.element.classList.toggle('over', spot !== undefined);
    this.#actions.looked(spot?.cell);
  }

  /** Left and right to another K, up and down to another shape; Enter opens. */
  #key(event: KeyboardEvent): void {
    const at = this.#focusedSpot();
    const content = this.#content;
    if (!at || !content) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#actions.open(at.cell);
      return;
    }
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const order = content.types.map(({ value }) => value);
    const { components, covarianceType } = at.cell;
    const type = order[order.indexOf(covarianceType) + step[1]];
    const next = this.#spots.find(
      ({ cell }) => cell.components === components + step[0] && cell.covarianceType === type,
    );
    if (!next) return;
    this.#mark(at.cell)?.setAttribute('tabindex', '-1');
    const mark = this.#mark(next.cell);
    mark?.setAttribute('tabindex', '0');
    mark?.focus();
  }
}

/** One shape's line, with gaps where a fit is missing. */
function lineOf(
  cells: readonly Cell[],
  type: string,
  place: (cell: Counted) => [number, number],
): string {
  let path = '';
  let pen = 'M';
  for (const cell of cells.filter(({ covarianceType }) => covarianceType === type)) {
    const [one] = counted([cell]);
    if (!one) {
      pen = 'M';
      continue;
    }
    const [x, y] = place(one);
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

function axes(
  end: number,
  x: (components: number) => number,
  y: (value: number) => number,
  right: number,
  bottom: number,
): SVGGElement {
  const group = draw('g', { class: 'axes', 'aria-hidden': 'true' });
  for (const tick of roundTicks(end)) {
    // Hair lines lie on half pixels.
    const at = Math.round(y(tick)) + 0.5;
    group.append(
      draw('line', { x1: margin.left, x2: right, y1: at, y2: at }),
      draw('text', { x: margin.left - 6, y: at + 3.5, 'text-anchor': 'end' }, count(tick)),
    );
  }
  for (const components of [1, 3, 6, 9, 12]) {
    group.append(
      draw('text', { x: x(components), y: bottom + 16, 'text-anchor': 'middle' }, `${components}`),
    );
  }
  return group;
}
