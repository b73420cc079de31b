import uPlot from 'uplot';
import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { count, fixed, readable, short } from '../format.ts';
import type { Colours } from '../theme.ts';
import { History } from './history.ts';

const font = '11px -apple-system, "Segoe UI", Roboto, "Liberation Sans", system-ui, sans-serif';

/** The end of the iteration axis: the next round number, with some empty track ahead. */
export function axisEnd(iteration: number): number {
  const wanted = Math.max(15, iteration * 1.15);
  const power = 10 ** Math.floor(Math.log10(wanted));
  for (const step of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) {
    if (step * power >= wanted) return step * power;
  }
  return wanted;
}

/** 1, 2, 5 and their tens: steps whose multiples are short numbers. */
function roundSteps(from: number, to: number): number[] {
  const steps: number[] = [];
  for (let power = from; power <= to; power += 1) {
    for (const digit of [1, 2, 5]) steps.push(Number(`${digit}e${power}`));
  }
  return steps;
}

function longest(labels: string[] | null): number {
  return Math.max(0, ...(labels ?? []).map((label) => label.length));
}

/**
 * The range of the log-likelihood. The start is often so far below all else that it would flatten
 * the rest, so the curve comes in from below the plot once there is enough to see.
 */
export function valueRange(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  let seen = finite;
  if (finite.length > 3) {
    const last = finite.at(-1) ?? 0;
    const first = finite[1] ?? last;
    seen = [first, last, Math.max(...finite.slice(1, 200))];
  }
  if (seen.length === 0) return [-1, 0];
  const low = Math.min(...seen);
  const high = Math.max(...seen);
  const room = Math.max((high - low) * 0.16, Math.abs(high) * 1e-4, 1e-9);
  return [low - room, high + room];
}

/** How curves are drawn: in a colour of the style sheet, or each in that of a component. */
const styles = {
  main: { colour: 'ink', width: 2, dash: [] },
  part: { colour: 'ink-3', width: 1.25, dash: [] },
  price: { colour: 'ink-3', width: 1.25, dash: [3, 3] },
  coloured: { colour: undefined, width: 1.25, dash: [] },
} as const satisfies Record<
  Report['curveKinds'][number],
  { colour: string | undefined; width: number; dash: readonly number[] }
>;

/** The range of all curves together. */
function rangeOfAll(curves: readonly number[][]): [number, number] {
  const ranges = curves.map(valueRange);
  return [
    Math.min(...ranges.map(([low]) => low), Number.POSITIVE_INFINITY),
    Math.max(...ranges.map(([, high]) => high), Number.NEGATIVE_INFINITY),
  ];
}

/** Which of the two beats of an iteration is next, once there was one. */
function halfDone({ beat, iteration }: Report): string {
  if (beat === 'e') return 'M done, E is next';
  return beat === 'm' && iteration > 0 ? 'E done, M is next' : '';
}

export interface TimelineActions {
  /** Goes to an iteration between 0 and the last one reached. */
  seek(iteration: number): void;
}

/** The kept moment nearest to an iteration. */
export function nearestMoment(moments: readonly number[], iteration: number): number {
  let best = 0;
  for (const moment of moments) {
    if (Math.abs(moment - iteration) < Math.abs(best - iteration)) best = moment;
  }
  return best;
}

/**
 * What the fit recorded over the iterations, with the playhead where it stands. It is the scrubber,
 * too: pressed or dragged it goes to the kept moment nearest to the pointer.
 */
export class Timeline {
  readonly element: HTMLElement;
  readonly #actions: TimelineActions;
  readonly #scrubber = make('div', {
    class: 'scrubber',
    role: 'slider',
    tabindex: 0,
    'aria-label': 'Iteration',
    'aria-valuemin': 0,
    'aria-valuemax': 0,
    'aria-valuenow': 0,
  });
  readonly #holder = make('div', { class: 'chart' });
  readonly #note = make('p', { class: 'timeline-note' });
  readonly #hover = make('p', { class: 'timeline-hover', hidden: true });
  readonly #history = new History();
  readonly #colours: Colours;
  #plot: uPlot | undefined;
  #curves: readonly string[] = [];
  #kinds: Report['curveKinds'] = [];
  #iteration = 0;
  #latest = 0;
  #moments: readonly number[] = [0];
  /** The moments that are marked on the track. */
  #marks: readonly number[] = [0];
  #message = '';
  #pendingDraw = false;

  constructor(colours: Colours, actions: TimelineActions) {
    this.#colours = colours;
    this.#actions = actions;
    this.#holder.setAttribute('role', 'img');
    this.element = make(
      'div',
      { class: 'timeline' },
      this.#holder,
      this.#scrubber,
      this.#note,
      this.#hover,
    );
    this.#listen();
  }

  /** The recorded numbers, for taking away. */
  get history(): { iterations: readonly number[]; curves: readonly (readonly number[])[] } {
    return this.#history;
  }

  get curveNames(): readonly string[] {
    return this.#curves;
  }

  #listen(): void {
    let scrubbing: number | undefined;
    const seek = (event: PointerEvent): void => {
      const plot = this.#plot;
      if (!plot) return;
      const left = event.clientX - plot.over.getBoundingClientRect().left;
      const iteration = nearestMoment(this.#moments, plot.posToVal(left, 'x'));
      if (iteration !== this.#iteration) this.#actions.seek(iteration);
    };
    this.#scrubber.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      scrubbing = event.pointerId;
      this.#scrubber.setPointerCapture(scrubbing);
      seek(event);
    });
    this.#scrubber.addEventListener('pointermove', (event) => {
      if (event.pointerId === scrubbing) seek(event);
      this.#hoverAt(event);
    });
    this.#scrubber.addEventListener('pointerleave', () => this.#hoverAt(undefined));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      this.#scrubber.addEventListener(end, () => {
        scrubbing = undefined;
      });
    }
    this.#scrubber.addEventListener('keydown', (event) => {
      const target = this.#keyTarget(event.key);
      if (target === undefined) return;
      event.preventDefault();
      this.#actions.seek(Math.min(this.#latest, Math.max(0, target)));
    });
  }

  /** Where a key goes: arrows by one iteration, the page keys by one kept moment. */
  #keyTarget(key: string): number | undefined {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowDown':
        return this.#iteration - 1;
      case 'ArrowRight':
      case 'ArrowUp':
        return this.#iteration + 1;
      case 'PageDown':
        return this.#moments.findLast((moment) => moment < this.#iteration) ?? 0;
      case 'PageUp':
        return this.#moments.find((moment) => moment > this.#iteration) ?? this.#latest;
      case 'Home':
        return 0;
      case 'End':
        return this.#latest;
      default:
        return undefined;
    }
  }

  /** The chart's cursor follows the pointer, which is over the scrubber. */
  #hoverAt(event: PointerEvent | undefined): void {
    const plot = this.#plot;
    if (!plot) return;
    const { left, top } = plot.over.getBoundingClientRect();
    plot.setCursor(
      event ? { left: event.clientX - left, top: event.clientY - top } : { left: -10, top: -10 },
    );
  }

  /** Call once the element is in the page: the plot needs to know its size. */
  mount(signal: AbortSignal): void {
    const observer = new ResizeObserver(() => this.#fit());
    observer.observe(this.#holder);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      this.#plot?.destroy();
      this.#plot = undefined;
    });
    this.#fit();
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#holder;
    if (width === 0 || height === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height });
    else this.#plot = this.#make(width, height);
  }

  #make(width: number, height: number): uPlot {
    const colour = (token: string) => () => this.#colours.get(token);
    const axis = { font, stroke: colour('ink-3') };
    return new uPlot(
      {
        width,
        height,
        padding: [4, 22, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: false, range: () => [0, axisEnd(this.#latest)] },
          y: { range: () => rangeOfAll(this.#history.curves) },
        },
        axes: [
          {
            ...axis,
            size: 20,
            gap: 6,
            space: 80,
            grid: { show: false },
            ticks: { show: false },
            incrs: roundSteps(0, 6),
            values: (_, splits) => splits.map(count),
          },
          {
            ...axis,
            // As wide as the longest label, in the style sheet's 11 px digits.
            size: (_, labels) => Math.max(36, 8 + 6.2 * longest(labels)),
            gap: 4,
            space: 16,
            grid: { stroke: colour('line'), width: 1 },
            ticks: { show: false },
            incrs: roundSteps(-7, 9),
            values: (_, splits) => {
              // A single tick has no step.
              const step = splits.length > 1 ? Math.abs((splits[1] ?? 1) - (splits[0] ?? 0)) : 1;
              const decimals = Math.max(1, Math.ceil(-Math.log10(step) - 1e-6));
              return splits.map((value) => fixed(value, decimals));
            },
          },
        ],
        series: [
          {},
          ...this.#curves.map((_, curve) => {
            const style = styles[this.#kinds[curve] ?? 'coloured'];
            const stroke = colour(style.colour ?? `component-${((curve - 1) % 7) + 1}`);
            return {
              stroke,
              width: style.width,
              dash: [...style.dash],
              points: {
                show: (plot: uPlot) => style.dash.length === 0 && plot.data[0].length <= 40,
                size: style.width > 1.5 ? 5 : 3,
                width: 0,
                fill: stroke,
              },
            };
          }),
        ],
        hooks: {
          draw: [(plot) => this.#drawPlayhead(plot)],
          setCursor: [(plot) => this.#showHover(plot)],
        },
      },
      this.#data(),
      this.#holder,
    );
  }

  /** Numbers that are not finite leave a gap. */
  #data(): uPlot.AlignedData {
    const curves = this.#history.curves.map((values) =>
      values.map((value) => (Number.isFinite(value) ? value : null)),
    );
    return [this.#history.iterations, ...curves];
  }

  show(report: Report, playing = true): void {
    this.#history.add(report);
    if (report.curves.join() !== this.#curves.join()) {
      this.#curves = report.curves;
      this.#kinds = report.curveKinds;
      this.#holder.setAttribute('aria-label', `${report.curves.join(', ')}, by iteration`);
      this.#plot?.destroy();
      this.#plot = undefined;
      this.#fit();
    }
    this.#iteration = report.iteration;
    this.#latest = report.latest;
    this.#moments = report.moments;
    const milestones = report.milestones.map(({ iteration }) => iteration);
    this.#marks = milestones.length > 0 ? milestones : report.moments;
    this.#message = report.message || (playing ? '' : halfDone(report));
    this.#scrubber.setAttribute('aria-valuemax', String(this.#latest));
    this.#scrubber.setAttribute('aria-valuenow', String(this.#iteration));
    this.#scrubber.setAttribute('aria-valuetext', `Iteration ${count(this.#iteration)}`);
    if (this.#pendingDraw) return;
    this.#pendingDraw = true;
    requestAnimationFrame(() => {
      this.#pendingDraw = false;
      this.#plot?.setData(this.#data());
    });
  }

  /** Colours are read while drawing. */
  redraw(): void {
    this.#plot?.redraw(false);
  }

  #drawPlayhead(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const x = plot.valToPos(this.#iteration, 'x', true);
    const bottom = bbox.top + bbox.height;
    ctx.save();
    // The last curve may have been dashed.
    ctx.setLineDash([]);
    const line = (token: string, from: number, to: number): void => {
      ctx.strokeStyle = this.#colours.get(token);
      ctx.beginPath();
      ctx.moveTo(from, bottom);
      ctx.lineTo(to, bottom);
      ctx.stroke();
    };
    ctx.lineWidth = 1.5 * ratio;
    line('track', bbox.left, bbox.left + bbox.width);
    ctx.lineWidth = 2 * ratio;
    line('accent', bbox.left, x);
    ctx.strokeStyle = this.#colours.get('accent');
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = 1.25 * ratio;
    this.#drawMoments(plot, bottom, ratio);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - 4 * ratio);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    ctx.strokeStyle = this.#colours.get('page');
    ctx.lineWidth = 2 * ratio;
    ctx.beginPath();
    ctx.arc(x, bottom, 5.5 * ratio, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.fill();
    this.#drawNames(plot, x, ratio);
    ctx.restore();
    this.#placeNote(x / ratio, plot.width);
  }

  /** Each curve's name and value at the playhead, on the side with more room. */
  #drawNames(plot: uPlot, x: number, ratio: number): void {
    if (this.#curves.length < 2 || this.#message !== '') return;
    const { ctx, bbox } = plot;
    const row = this.#history.iterations.findLastIndex((at) => at <= this.#iteration);
    const line = 13 * ratio;
    const names = this.#history.curves
      .map((values, curve) => ({ curve, value: values[row] ?? Number.NaN }))
      .filter(({ value }) => Number.isFinite(value))
      .map(({ curve, value }) => ({
        words: `${this.#curves[curve]} ${readable(value, 2)}`,
        y: plot.valToPos(value, 'y', true),
      }))
      .sort((a, b) => a.y - b.y);
    ctx.font = font.replace('11px', `${11 * ratio}px`);
    const widest = Math.max(0, ...names.map(({ words }) => ctx.measureText(words).width));
    const end = bbox.left + bbox.width;
    // Names of parts stand where their curves will go on; those of curves beside each other where there is more room.
    const parts = this.#kinds.some((kind) => kind === 'part' || kind === 'price');
    const left = parts ? x + widest + 8 * ratio > end + 18 * ratio : x > bbox.left + bbox.width / 2;
    ctx.textAlign = left ? 'right' : 'left';
    ctx.textBaseline = 'middle';
    ctx.lineWidth = 3 * ratio;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = this.#colours.get('page');
    ctx.fillStyle = this.#colours.get('ink-2');
    // Each below the one before, and all of them above the track.
    let above = bbox.top - line / 2;
    names.forEach(({ words, y }, index) => {
      const lowest = bbox.top + bbox.height - line * (names.length - index - 0.4);
      const place = Math.min(Math.max(y, above + line), lowest);
      above = place;
      ctx.strokeText(words, x + (left ? -8 : 8) * ratio, place);
      ctx.fillText(words, x + (left ? -8 : 8) * ratio, place);
    });
  }

  /** Short strokes on the track at the marked moments, where they can be told apart. */
  #drawMoments(plot: uPlot, bottom: number, ratio: number): void {
    const { ctx } = plot;
    const places = this.#marks.map((moment) => plot.valToPos(moment, 'x', true));
    const span = (places.at(-1) ?? 0) - (places[0] ?? 0);
    if (places.length < 2 || span / (places.length - 1) < 6 * ratio) return;
    ctx.beginPath();
    for (const place of places) {
      ctx.moveTo(place, bottom - 3 * ratio);
      ctx.lineTo(place, bottom + 3 * ratio);
    }
    ctx.stroke();
  }

  /** Why the fit stopped, beside the playhead, on the side with more room. */
  #placeNote(x: number, width: number): void {
    setText(this.#note, this.#message);
    const left = x > width / 2;
    this.#note.dataset.side = left ? 'left' : 'right';
    this.#note.style.left = left ? '' : `${x + 10}px`;
    this.#note.style.right = left ? `${width - x + 10}px` : '';
    // Not over the labels of the axis.
    const start = left ? (this.#plot?.bbox.left ?? 0) / devicePixelRatio : 0;
    this.#note.style.maxWidth = `${Math.max(x, width - x) - start - 14}px`;
  }

  #showHover(plot: uPlot): void {
    const index = plot.cursor.idx;
    const row = index ?? -1;
    const iteration = this.#history.iterations[row];
    const over = (plot.cursor.left ?? -1) >= 0 && iteration !== undefined;
    this.#hover.hidden = !over;
    this.#note.hidden = over;
    if (!over) return;
    const words = this.#history.curves.map((values, curve) => {
      const value = fixed(values[row] ?? Number.NaN, 4);
      return this.#curves.length > 1 ? `${this.#curves[curve]} ${value}` : value;
    });
    setText(this.#hover, `Iteration ${short(iteration)}: ${words.join(', ')}`);
  }
}
