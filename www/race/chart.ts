import { apart, logarithmicPlace, logarithmicTicks } from '../comparison/scale.ts';
import { conditionColour, type MarkKind, markPath, marks } from '../comparison/strokes.ts';
import { error } from '../comparison/words.ts';
import { make, setText, uniqueId } from '../dom.ts';
import type { Against } from '../engine/protocol.ts';
import { count, fixed, short } from '../format.ts';
import { draw } from '../svg.ts';
import type { Measure } from './measure.ts';
import type { TracePoint } from './trace.ts';

export interface Line {
  label: string;
  points: readonly TracePoint[];
  leads: boolean;
}

export interface ChartContent {
  lines: readonly Line[];
  against: Against;
  measure: Measure;
}

/** Narrower than this the lines' names stand above them. */
const narrow = 520;
const margin = { top: 20, right: 148, bottom: 36, left: 52 };
/** An axis that spans more than this many times its least end is logarithmic. */
const wide = 30;
/** Points of a line that are drawn: more than pixels would not be seen. */
const mostPoints = 400;
/** Seconds are not measured more finely. */
const shortest = 1e-3;

interface Scale {
  place(value: number): number;
  ticks: number[];
  say(value: number): string;
}

/** Steps of 1, 2 or 5 with about so many between two ends. */
export function linearTicks(low: number, high: number, wanted = 5): number[] {
  const rough = (high - low) / wanted;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((digit) => digit * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) {
    ticks.push(Number((at * step).toPrecision(12)));
  }
  return ticks;
}

/** Iterations or seconds, from 0; logarithmic where some contestants end far before others. */
export function across(ends: readonly number[], against: Against): Scale {
  const iterations = against === 'iterations';
  const unit = iterations ? 1 : shortest;
  const last = Math.max(...ends, iterations ? 10 : 0.05);
  const first = Math.max(unit, Math.min(...ends.filter((end) => end > 0), last));
  const say = (value: number): string => (iterations ? count(value) : short(value));
  if (last / first < wide) {
    return { place: (value) => value / last, ticks: linearTicks(0, last, 6), say };
  }
  // 0 has its place, too: the axis begins at it and grows by decades.
  const span = Math.log1p(last / unit);
  const ticks = [0];
  for (let tick = unit; tick <= last; tick *= 10) ticks.push(Number(tick.toPrecision(3)));
  return { place: (value) => Math.log1p(value / unit) / span, ticks, say };
}

/** Scores between the least and the most that are to be seen: a start far off would flatten the rest. */
export function upwards(lines: readonly (readonly number[])[], { axis }: Measure): Scale {
  const finite = lines
    .map((line) => line.filter(Number.isFinite))
    .filter((line) => line.length > 0);
  const all = finite.flat();
  if (axis === 'logarithmic') {
    const positive = all.filter((value) => value > 0);
    const low = Math.max(Math.min(...positive, 1), 1e-14);
    const high = Math.max(...positive, low * 10);
    const range = [low / 1.3, high * 1.3] as const;
    return {
      place: (value) => logarithmicPlace(Math.max(value, range[0]), range),
      ticks: logarithmicTicks(...range),
      say: error,
    };
  }
  const ends = finite.map((line) => line.at(-1) ?? 0);
  const high = Math.max(...all, Number.NEGATIVE_INFINITY);
  const best = Number.isFinite(high) ? high : 0;
  // Down to where the worst began, or some way below the ends and the middle of the ways.
  const middles = finite.map((line) => line[Math.floor(line.length / 3)] ?? 0);
  const starts = Math.min(...finite.map((line) => line[0] ?? 0), best - 0.1);
  const low = Math.max(
    starts,
    best - 2.5 * Math.max(best - Math.min(...ends, ...middles, best), 0.1),
  );
  const room = (best - low) * 0.06;
  const [from, to] = [low - room, best + room];
  const ticks = linearTicks(from, to, 5);
  const step = ticks.length > 1 ? (ticks[1] ?? 1) - (ticks[0] ?? 0) : 1;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-6));
  return {
    place: (value) => (value - from) / (to - from),
    ticks,
    say: (value) => fixed(value, decimals),
  };
}

/** Some of the points, evenly spread, with the first and the last. */
function thinned<Item>(points: readonly Item[]): readonly Item[] {
  if (points.length <= mostPoints) return points;
  const every = (points.length - 1) / (mostPoints - 1);
  return Array.from(
    { length: mostPoints },
    (_, index) => points[Math.round(index * every)] as Item,
  );
}

/** The score of each contestant, a line each, with its name at the end. */
export class RaceChart {
  readonly element = make('div', { class: 'race-chart' });
  readonly #note = make('p', { class: 'race-note' });
  readonly #holder = make('div', { class: 'race-plot' });
  #content: ChartContent | undefined;

  constructor() {
    this.element.append(this.#holder, this.#note);
  }

  /** Call once the element is in the page: the plot is as large as its place. */
  mount(signal: AbortSignal): void {
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.#holder);
    signal.addEventListener('abort', () => observer.disconnect());
    this.#draw();
  }

  show(content: ChartContent, note: string): void {
    this.#content = content;
    setText(this.#note, note);
    this.#draw();
  }

  /** What is drawn; `undefined` before there is anything. */
  get svg(): SVGSVGElement | null {
    return this.#holder.querySelector('svg');
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#holder;
    if (!this.#content || width < 120 || height < 60) return;
    this.#holder.replaceChildren(plot(this.#content, width, height));
  }
}

function plot(
  { lines, against, measure }: ChartContent,
  width: number,
  height: number,
): SVGSVGElement {
  const slim = width < narrow;
  const right = width - (slim ? 12 : margin.right);
  const top = margin.top + (slim ? 16 * Math.ceil(lines.length / 2) : 0);
  const bottom = height - margin.bottom;
  const of = (point: TracePoint): number =>
    against === 'iterations' ? point.iteration : point.seconds;
  const horizontal = across(
    lines.map(({ points }) => of(points.at(-1) ?? { iteration: 0, seconds: 0, score: 0 })),
    against,
  );
  const vertical = upwards(
    lines.map(({ points }) => points.map(({ score }) => score)),
    measure,
  );
  const x = (value: number): number =>
    margin.left + horizontal.place(value) * (right - margin.left);
  const y = (value: number): number =>
    Math.min(bottom + 400, bottom - vertical.place(value) * (bottom - top));
  const [title, description, clip] = [uniqueId('chart'), uniqueId('chart'), uniqueId('clip')];
  const svg = draw('svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': title,
    'aria-describedby': description,
  });
  svg.append(
    draw('title', { id: title }, `${measure.words} against ${against}`),
    draw('desc', { id: description }, inWords(lines, measure)),
    draw(
      'clipPath',
      { id: clip },
      draw('rect', {
        x: margin.left,
        y: top - 6,
        width: right - margin.left + 6,
        height: bottom - top + 6,
      }),
    ),
  );
  const axes = draw('g', { class: 'axes', 'aria-hidden': 'true' });
  for (const tick of vertical.ticks) {
    const at = Math.round(y(tick)) + 0.5;
    if (at < top - 6 || at > bottom + 1) continue;
    axes.append(
      draw('line', { x1: margin.left, x2: right, y1: at, y2: at }),
      draw('text', { x: margin.left - 8, y: at + 4, 'text-anchor': 'end' }, vertical.say(tick)),
    );
  }
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of horizontal.ticks) {
    const at = Math.round(x(tick)) + 0.5;
    const words = horizontal.say(tick);
    axes.append(draw('line', { class: 'tick', x1: at, x2: at, y1: bottom, y2: bottom + 4 }));
    if (at - 3.2 * words.length < free) continue;
    free = at + 3.2 * words.length + 8;
    axes.append(draw('text', { x: at, y: bottom + 17, 'text-anchor': 'middle' }, words));
  }
  const unit = against === 'iterations' ? 'Iterations' : 'Seconds of iterating';
  axes.append(
    draw('text', { x: 0, y: 10 }, measure.words),
    draw('text', { x: right, y: bottom + 32, 'text-anchor': 'end' }, unit),
  );
  svg.append(axes);
  const strokes = draw('g', { 'aria-hidden': 'true', 'clip-path': `url(#${clip})` });
  const ends: { index: number; x: number; y: number }[] = [];
  lines.forEach(({ points, leads }, index) => {
    const seen = thinned(points.filter(({ score }) => Number.isFinite(score)));
    const last = seen.at(-1);
    if (!last) return;
    const d = seen
      .map(
        (point, place) =>
          `${place === 0 ? 'M' : 'L'}${x(of(point)).toFixed(1)} ${y(point.score).toFixed(1)}`,
      )
      .join('');
    const stroke = draw('path', { class: leads ? 'way leads' : 'way', d });
    stroke.style.stroke = conditionColour(index);
    const kind = kindOf(index);
    const mark = draw('path', { class: 'end', d: markPath(kind, x(of(last)), y(last.score), 4) });
    mark.style.fill = conditionColour(index);
    strokes.append(stroke, mark);
    if (slim && right - x(of(last)) > 6) {
      // A fit that is over stays as good as it is.
      strokes.append(thread(index, x(of(last)) + 6, y(last.score), right, y(last.score)));
    }
    ends.push({ index, x: x(of(last)), y: Math.min(y(last.score), bottom) });
  });
  svg.append(strokes, slim ? legend(lines, width) : names(lines, ends, right, top, bottom));
  return svg;
}

const kindOf = (index: number): MarkKind => marks[index % marks.length] ?? 'circle';

/** From the end of a line to its name. */
function thread(index: number, x: number, y: number, right: number, place: number): SVGPathElement {
  // Level as far as there is room, so that it is seen where the others pass it.
  const path = draw('path', {
    class: 'thread',
    d: `M${x} ${y}H${Math.max(x, right - 8)}L${right} ${place}`,
  });
  path.style.stroke = conditionColour(index);
  return path;
}

/** Names beside the ends, moved apart where those are close. */
function names(
  lines: readonly Line[],
  ends: readonly { index: number; x: number; y: number }[],
  right: number,
  top: number,
  bottom: number,
): SVGGElement {
  const group = draw('g', { class: 'names', 'aria-hidden': 'true' });
  const places = apart(
    ends.map(({ y }) => Math.max(y, top)),
    15,
    bottom,
  );
  ends.forEach(({ index, x: left, y }, order) => {
    const place = places[order] ?? 0;
    const far = right - left > 24 || Math.abs(place - y) > 3;
    if (far) {
      group.append(thread(index, left + 6, y, right + 6, place));
    }
    group.append(name(lines[index], index, right + 14, place));
  });
  return group;
}

/** Where there is no room beside the lines: their names above them, two a row. */
function legend(lines: readonly Line[], width: number): SVGGElement {
  const group = draw('g', { class: 'names', 'aria-hidden': 'true' });
  lines.forEach((line, index) => {
    const left = margin.left + (index % 2) * ((width - margin.left) / 2);
    group.append(name(line, index, left, 28 + 16 * Math.floor(index / 2)));
  });
  return group;
}

function name(line: Line | undefined, index: number, x: number, y: number): SVGGElement {
  const swatch = draw('path', { d: markPath(kindOf(index), x, y, 3.5) });
  swatch.style.fill = conditionColour(index);
  const text = draw('text', { x: x + 8, y: y + 4 }, line?.label ?? '');
  if (line?.leads) text.setAttribute('class', 'leads');
  return draw('g', {}, swatch, text);
}

function inWords(lines: readonly Line[], { say }: Measure): string {
  return lines
    .flatMap(({ label, points }) => {
      const last = points.at(-1);
      return last && Number.isFinite(last.score)
        ? [`${label}: ${say(last.score)} after ${count(last.iteration)} iterations.`]
        : [];
    })
    .join(' ');
}
