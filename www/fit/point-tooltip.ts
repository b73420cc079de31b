import type { PointInfo } from '../../pkg/gaussian_playground.js';
import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { decimalsFor, fixed, readable } from '../format.ts';
import { componentColour } from './component-table.ts';

/** More rows than these would cover what they explain. */
const most = 6;

/** Which Gaussians the point under the pointer came from, in what shares. */
export class PointTooltip {
  readonly element: HTMLElement;
  readonly #ring = make('span', { class: 'point-ring' });
  readonly #leader = make('span', { class: 'point-leader' });
  readonly #box = make('div', { class: 'tooltip' });
  readonly #title = make('p');
  readonly #rows = make('div', { class: 'shares' });
  readonly #lookUp: (x: number, y: number) => Promise<PointInfo | undefined>;
  /** The numbers of the components' colours. */
  #colours: readonly number[] = [];
  #pointer: { x: number; y: number } | undefined;
  #asking = false;
  #again = false;

  constructor(lookUp: (x: number, y: number) => Promise<PointInfo | undefined>) {
    this.#lookUp = lookUp;
    this.#box.append(this.#title, this.#rows);
    this.element = make(
      'div',
      { class: 'point', hidden: true, 'aria-hidden': 'true' },
      this.#leader,
      this.#ring,
      this.#box,
    );
  }

  /** Tells of the point at a place as if a pointer were there; of none where it is left away. */
  lookAt(place: { x: number; y: number } | undefined): void {
    this.#pointer = place;
    if (place) this.refresh();
    else this.element.hidden = true;
  }

  listen(stage: HTMLElement, signal: AbortSignal): void {
    const move = (event: PointerEvent): void => {
      const around = stage.getBoundingClientRect();
      this.#pointer = { x: event.clientX - around.left, y: event.clientY - around.top };
      this.refresh();
    };
    stage.addEventListener('pointermove', move, { signal });
    stage.addEventListener('pointerdown', move, { signal });
    const leave = (): void => {
      this.#pointer = undefined;
      this.element.hidden = true;
    };
    stage.addEventListener('pointerleave', leave, { signal });
    stage.addEventListener('pointercancel', leave, { signal });
  }

  /** Follows the fit, which moves under a still pointer. */
  show({ colors }: Report): void {
    this.#colours = colors;
    this.refresh();
  }

  /** Asks again for the same place, since the fit moves under a still pointer. */
  refresh(): void {
    if (!this.#pointer) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    const { x, y } = this.#pointer;
    this.#lookUp(x, y)
      .then(
        (point) => this.#show(point),
        () => this.#show(undefined),
      )
      .finally(() => {
        this.#asking = false;
        if (!this.#again) return;
        this.#again = false;
        this.refresh();
      });
  }

  #show(point: PointInfo | undefined): void {
    if (!point || !this.#pointer) {
      this.element.hidden = true;
      return;
    }
    const position = Array.from(point.position);
    const decimals = position.map((value) => Math.min(2, decimalsFor(Math.abs(value))));
    setText(
      this.#title,
      `Point at ${position.map((value, axis) => fixed(value, decimals[axis] ?? 2)).join(', ')}`,
    );
    const shares = Array.from(point.responsibilities, (share, component) => ({ share, component }));
    const shown =
      shares.length <= most ? shares : shares.sort((a, b) => b.share - a.share).slice(0, most);
    this.#rows.replaceChildren(
      ...shown.map(({ share, component }) =>
        shareRow(share, component, this.#colours[component] ?? component),
      ),
    );
    this.element.hidden = false;
    this.#place(point.x, point.y);
  }

  #place(x: number, y: number): void {
    const width = this.element.parentElement?.clientWidth ?? 0;
    const height = this.element.parentElement?.clientHeight ?? 0;
    const gap = 28;
    const { offsetWidth, offsetHeight } = this.#box;
    const left = x - gap - offsetWidth >= 8;
    // A narrow canvas may have no room on either side: then above or below.
    const right = x + gap + offsetWidth <= width - 8;
    const beside = left || right;
    const boxLeft = left
      ? x - gap - offsetWidth
      : right
        ? x + gap
        : Math.max(8, Math.min(x - offsetWidth / 2, width - offsetWidth - 8));
    const boxTop = beside
      ? Math.max(8, Math.min(y - offsetHeight / 2, height - offsetHeight - 8))
      : y - gap - offsetHeight >= 8
        ? y - gap - offsetHeight
        : y + gap;
    this.#box.style.transform = `translate(${Math.round(boxLeft)}px, ${Math.round(boxTop)}px)`;
    this.#ring.style.transform = `translate(${x}px, ${y}px)`;
    this.#leader.hidden = !beside;
    this.#leader.style.transform = `translate(${left ? boxLeft + offsetWidth : x + 8}px, ${y}px)`;
    this.#leader.style.width = `${gap - 8}px`;
  }
}

function shareRow(share: number, component: number, colour: number): HTMLElement {
  const dot = make('span', { class: 'dot' });
  dot.style.background = componentColour(colour);
  const bar = make('span', { class: 'bar' });
  const part = make('span');
  part.style.background = componentColour(colour);
  part.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  bar.append(part);
  return make(
    'div',
    { class: 'share' },
    dot,
    make('span', { class: 'number' }, String(component + 1)),
    bar,
    make('span', { class: 'part' }, fixed(share, 2)),
  );
}

/** More Gaussians than these make a description too long to listen to. */
const mostTold = 8;

/** What the canvas shows, with the current numbers, for those who cannot see it. */
export function describeCanvas(report: Report): string {
  const { dataset, components, objective, iteration } = report;
  const axes = dataset.axes.map(({ label }) => label).join(' against ');
  const fitted = components.length > 0 ? ` and ${components.length} fitted Gaussians` : '';
  const value = `${objective.label} ${readable(objective.value, objective.decimals)} ${objective.unit}`;
  const numbers = `Iteration ${iteration}, ${value.trim()}.`;
  const means = components
    .map(({ status, mean, weight }, index) => {
      if (status === 'off') return '';
      const place = mean.map((axis) => fixed(axis, decimalsFor(Math.abs(axis)))).join(', ');
      return ` ${index + 1}: ${fixed(weight, 2)} at ${place}.`;
    })
    .slice(0, mostTold)
    .join('');
  return `${dataset.label}: ${dataset.points} points${axes ? ` (${axes})` : ''}${fitted}. ${numbers}${means}`;
}
