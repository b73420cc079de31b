import { make, setText, uniqueId } from '../dom.ts';
import { plural } from '../format.ts';
import { draw } from '../svg.ts';
import { apart, logarithmicPlace, logarithmicTicks } from './scale.ts';
import type { Summary } from './statistics.ts';
import { conditionColour, markPath, marks } from './strokes.ts';
import { error, meanInWords } from './words.ts';

/** What is drawn. */
export interface ChartContent {
  conditions: readonly { name: string; label: string }[];
  /** Each condition's sizes, rising. */
  summaries: readonly (readonly Summary[])[];
  sizes: readonly number[];
  /** The true number of Gaussians. */
  truth: number;
}

/** Narrower than this the lines' names stand above them. */
const narrow = 520;
const margin = { top: 24, right: 104, bottom: 40, left: 56 };
/** What the axis shows before there is anything. */
const emptyRange = [1e-3, 10] as const;

/** The smallest and the largest error to be seen; errors of 0 have no place on a logarithmic axis. */
function rangeOf(summaries: readonly (readonly Summary[])[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const { n, mean, deviation, least } of summaries.flat()) {
    if (n === 0) continue;
    if (least > 0) low = Math.min(low, least);
    high = Math.max(high, mean + (Number.isFinite(deviation) ? deviation : 0));
  }
  if (!(high > 0) || !Number.isFinite(low)) return emptyRange;
  const room = Math.max((high / low) ** 0.06, 1.1);
  return [low / room, high * room];
}

/** What a point stands for, in words. */
export function pointInWords(summary: Summary, condition: string): string {
  const { components, n, failed, missing, least } = summary;
  const rest = [
    failed > 0 ? `${plural(failed, 'fit')} failed` : '',
    missing > 0 ? `${plural(missing, 'fit')} to come` : '',
  ].filter((words) => words !== '');
  const more = rest.length > 0 ? `; ${rest.join(', ')}` : '';
  return `${condition}, ${plural(components, 'Gaussian')}: test MSE ${meanInWords(summary)}, least ${error(least)}, from ${plural(n, 'fit')}${more}.`;
}

/** Test error against learned K, a line a condition: mean, its deviation as a band, the least dashed. */
export class Chart {
  readonly element: HTMLElement;
  readonly #holder = make('div', { class: 'comparison-plot' });
  readonly #note = make('p', { class: 'comparison-note' });
  readonly #noteWords = make('span');
  readonly #noteLink = make('a', { class: 'link', hidden: true }, 'Open the best of them');
  readonly #open: (summary: Summary) => void;
  readonly #address: (summary: Summary) => string;
  #content: ChartContent = { conditions: [], summaries: [], sizes: [], truth: 0 };
  /** The point that is looked at: its condition and its size. */
  #at: { condition: number; components: number } | undefined;

  /** `address` is that of a summary's best fit, which `open` opens. */
  constructor(actions: { open(summary: Summary): void; address(summary: Summary): string }) {
    this.#open = actions.open;
    this.#address = actions.address;
    this.#noteLink.addEventListener('click', (event) => {
      const summary = this.#looked;
      if (event.ctrlKey || event.metaKey || event.shiftKey || !summary) return;
      event.preventDefault();
      this.#open(summary);
    });
    this.#note.append(this.#noteWords, this.#noteLink);
    this.element = make('div', { class: 'comparison-chart' }, this.#holder, this.#note);
    this.#holder.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Call once the element is in the page: the plot is as large as its place. */
  mount(signal: AbortSignal): void {
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.#holder);
    signal.addEventListener('abort', () => observer.disconnect());
    this.#draw();
  }

  show(content: ChartContent): void {
    this.#content = content;
    this.#draw();
  }

  get #looked(): Summary | undefined {
    const at = this.#at;
    return this.#content.summaries
      .flat()
      .find(
        ({ condition, components, n }) =>
          n > 0 && condition === at?.condition && components === at.components,
      );
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#holder;
    if (width < 120 || height < 80) return;
    const focused = this.#holder.contains(this.#focused) && this.#looked !== undefined;
    this.#holder.replaceChildren(this.#plot(width, height));
    if (focused) this.#pointAt(this.#looked)?.focus();
    this.#showNote();
  }

  get #focused(): Element | null {
    const root = this.#holder.getRootNode();
    return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  }

  #plot(width: number, height: number): SVGSVGElement {
    const { conditions, summaries, sizes, truth } = this.#content;
    const range = rangeOf(summaries);
    const slim = width < narrow;
    const right = slim ? 16 : margin.right;
    const top = slim ? margin.top + 16 * Math.ceil(conditions.length / 2) : margin.top;
    const [least, most] = [sizes[0] ?? 1, sizes.at(-1) ?? 2];
    const first = Math.min(least, truth || least);
    const span = Math.max(1, Math.max(most, truth) - first);
    // Some room beside the first and the last size.
    const inner = width - margin.left - right - 24;
    const x = (size: number): number => margin.left + 12 + ((size - first) / span) * inner;
    const bottom = height - margin.bottom;
    const y = (value: number): number => {
      const place = logarithmicPlace(Math.max(value, range[0]), range);
      return bottom - place * (bottom - top);
    };
    const [title, description] = [uniqueId('chart'), uniqueId('chart')];
    const plot = draw('svg', {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-labelledby': title,
      'aria-describedby': description,
    });
    plot.append(
      draw('title', { id: title }, 'Test error against the number of learned Gaussians'),
      draw('desc', { id: description }, this.#inWords()),
      this.#axes(x, y, range, width - right, bottom),
    );
    if (truth > 0) plot.append(trueLine(x(truth), top, bottom));
    const lines = draw('g', { 'aria-hidden': 'true' });
    const points = draw('g', {});
    summaries.forEach((line, condition) => {
      const seen = line.filter(({ n }) => n > 0);
      if (seen.length > 0) lines.append(...curves(seen, condition, x, y));
      for (const one of seen) {
        points.append(
          this.#point(one, conditions[condition]?.label ?? '', x(one.components), y(one.mean)),
        );
      }
    });
    plot.append(lines, points);
    plot.append(slim ? this.#legend(width) : this.#names(x, y, bottom));
    return plot;
  }

  #axes(
    x: (size: number) => number,
    y: (value: number) => number,
    [low, high]: readonly [number, number],
    right: number,
    bottom: number,
  ): SVGGElement {
    const axes = draw('g', { class: 'axes', 'aria-hidden': 'true' });
    for (const tick of logarithmicTicks(low, high)) {
      // Hair lines lie on half pixels.
      const at = Math.round(y(tick)) + 0.5;
      axes.append(
        draw('line', { x1: margin.left, x2: right, y1: at, y2: at }),
        draw('text', { x: margin.left - 8, y: at + 4, 'text-anchor': 'end' }, error(tick)),
      );
    }
    for (const size of this.#content.sizes) {
      const at = Math.round(x(size)) + 0.5;
      axes.append(
        draw('line', { class: 'tick', x1: at, x2: at, y1: bottom, y2: bottom + 4 }),
        draw('text', { x: at, y: bottom + 18, 'text-anchor': 'middle' }, String(size)),
      );
    }
    axes.append(
      draw('text', { x: 0, y: 12 }, 'Test MSE'),
      draw('text', { x: right, y: bottom + 34, 'text-anchor': 'end' }, 'Learned Gaussians, K'),
    );
    return axes;
  }

  #point(summary: Summary, condition: string, x: number, y: number): SVGGElement {
    const kind = marks[summary.condition % marks.length] ?? 'circle';
    const mark = draw('path', { class: 'mark', d: markPath(kind, x, y, 4) });
    mark.style.fill = conditionColour(summary.condition);
    const point = draw(
      'g',
      {
        class: 'point-mark',
        role: 'img',
        // One stop for the Tab key; the arrows do the rest.
        tabindex: this.#isStop(summary) ? 0 : -1,
        'aria-label': pointInWords(summary, condition),
        'data-condition': summary.condition,
        'data-components': summary.components,
      },
      // A pointer need not hit four pixels.
      draw('circle', { class: 'reach', cx: x, cy: y, r: 12 }),
      mark,
    );
    const look = (): void => {
      this.#at = { condition: summary.condition, components: summary.components };
      for (const other of this.#holder.querySelectorAll('.point-mark')) {
        other.setAttribute('tabindex', other === point ? '0' : '-1');
      }
      this.#showNote();
    };
    point.addEventListener('pointerenter', look);
    point.addEventListener('focus', look);
    return point;
  }

  #isStop({ condition, components }: Summary): boolean {
    const stop = this.#looked ?? this.#content.summaries.flat().find(({ n }) => n > 0);
    return stop?.condition === condition && stop.components === components;
  }

  #pointAt(summary: Summary | undefined): SVGGElement | null {
    return summary === undefined
      ? null
      : this.#holder.querySelector(
          `.point-mark[data-condition="${summary.condition}"][data-components="${summary.components}"]`,
        );
  }

  /** Left and right to another size, up and down to another condition. */
  #key(event: KeyboardEvent): void {
    const at = this.#looked;
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const step = steps[event.key];
    if (!at || !step) return;
    event.preventDefault();
    const { summaries, sizes } = this.#content;
    const size = sizes.indexOf(at.components) + step[1];
    const next = summaries[at.condition + step[0]]?.[size];
    if (next && next.n > 0) this.#pointAt(next)?.focus();
  }

  /** Names at the lines' ends, moved apart where those are close. */
  #names(x: (size: number) => number, y: (value: number) => number, bottom: number): SVGGElement {
    const { conditions, summaries } = this.#content;
    const ends = summaries.flatMap((line, condition) => {
      const last = line.findLast(({ n }) => n > 0);
      return last ? [{ condition, at: y(last.mean), x: x(last.components) }] : [];
    });
    const places = apart(
      ends.map(({ at }) => at),
      15,
      bottom,
    );
    const names = draw('g', { class: 'names', 'aria-hidden': 'true' });
    ends.forEach(({ condition, x: left }, index) => {
      const swatch = draw('path', {
        d: markPath(
          marks[condition % marks.length] ?? 'circle',
          left + 16,
          places[index] ?? 0,
          3.5,
        ),
      });
      swatch.style.fill = conditionColour(condition);
      names.append(
        swatch,
        draw(
          'text',
          { x: left + 24, y: (places[index] ?? 0) + 4 },
          conditions[condition]?.label ?? '',
        ),
      );
    });
    return names;
  }

  /** Where there is no room beside the lines: their names above them, two a row. */
  #legend(width: number): SVGGElement {
    const names = draw('g', { class: 'names', 'aria-hidden': 'true' });
    this.#content.conditions.forEach(({ label }, condition) => {
      const left = margin.left + 12 + (condition % 2) * ((width - margin.left) / 2);
      const y = 8 + 16 * Math.floor(condition / 2);
      const swatch = draw('path', {
        d: markPath(marks[condition % marks.length] ?? 'circle', left, y, 3.5),
      });
      swatch.style.fill = conditionColour(condition);
      names.append(swatch, draw('text', { x: left + 8, y: y + 4 }, label));
    });
    return names;
  }

  #inWords(): string {
    const { conditions, summaries, truth } = this.#content;
    const lines = summaries.flatMap((line, condition) => {
      const seen = line.filter(({ n }) => n > 0);
      const best = seen.toSorted((a, b) => a.mean - b.mean)[0];
      if (!best) return [];
      return [
        `${conditions[condition]?.label}: least mean error ${error(best.mean)} with ${plural(best.components, 'Gaussian')}.`,
      ];
    });
    const what =
      'A line for each condition is the mean test error, on a logarithmic axis; its band is one standard deviation, a dashed line the least error.';
    return `${what} The true number is ${truth}. ${lines.join(' ')}`;
  }

  #showNote(): void {
    const summary = this.#looked;
    const { conditions, summaries } = this.#content;
    this.#noteLink.hidden = summary?.best === undefined;
    if (summary) {
      setText(this.#noteWords, pointInWords(summary, conditions[summary.condition]?.label ?? ''));
      if (summary.best) this.#noteLink.href = this.#address(summary);
      return;
    }
    const any = summaries.flat().some(({ n }) => n > 0);
    setText(
      this.#noteWords,
      any
        ? 'Lines: mean of the test errors. Bands: one standard deviation, no lower than the least. Dashed: the least. Point at a mark for its numbers.'
        : '',
    );
  }
}

function trueLine(at: number, top: number, bottom: number): SVGGElement {
  const x = Math.round(at) + 0.5;
  return draw(
    'g',
    { class: 'truth', 'aria-hidden': 'true' },
    draw('line', { x1: x, x2: x, y1: top, y2: bottom }),
    draw('text', { x: x + 5, y: top + 10 }, 'true K'),
  );
}

function curves(
  line: readonly Summary[],
  condition: number,
  x: (size: number) => number,
  y: (value: number) => number,
): SVGElement[] {
  const path = (places: readonly (readonly [number, number])[]): string =>
    places.map(([left, top], index) => `${index === 0 ? 'M' : 'L'}${left} ${top}`).join('');
  const spread = line.filter(({ deviation }) => Number.isFinite(deviation));
  const upper = spread.map(
    ({ components, mean, deviation }) => [x(components), y(mean + deviation)] as const,
  );
  // Below the least there is nothing, and a logarithm has no room for less than nothing.
  const lower = spread.map(
    ({ components, mean, deviation, least }) =>
      [x(components), y(Math.max(mean - deviation, least))] as const,
  );
  const mean = draw('path', {
    class: 'mean',
    d: path(line.map((one) => [x(one.components), y(one.mean)])),
  });
  const least = draw('path', {
    class: 'least',
    d: path(line.map((one) => [x(one.components), y(one.least)])),
  });
  for (const stroke of [mean, least]) stroke.style.stroke = conditionColour(condition);
  if (upper.length < 2) return [least, mean];
  const band = draw('path', { class: 'band', d: `${path([...upper, ...lower.reverse()])}Z` });
  band.style.fill = conditionColour(condition);
  return [band, least, mean];
}
