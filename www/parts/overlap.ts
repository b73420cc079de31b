import { make, setText, uniqueId } from '../dom.ts';
import { section } from '../drawer.ts';
import type { Report } from '../engine/protocol.ts';
import { fixed } from '../format.ts';
import type { Part, PartContext } from './index.ts';

type Component = Report['components'][number];

/** The determinant of a covariance on a line or in the plane. */
const determinant = (m: readonly number[]): number =>
  m.length === 1 ? (m[0] ?? 0) : (m[0] ?? 0) * (m[3] ?? 0) - (m[1] ?? 0) * (m[2] ?? 0);

/**
 * How much two Gaussians overlap, 0 to 1: the coefficient of Bhattacharyya (1943), the integral of the
 * root of the product of their densities.
 */
export function overlap(a: Component, b: Component): number {
  const middle = a.covariance.map((value, index) => 0.5 * (value + (b.covariance[index] ?? 0)));
  const whole = determinant(middle);
  const [dx = 0, dy = 0] = a.mean.map((value, axis) => value - (b.mean[axis] ?? 0));
  const [xx = 0, xy = 0, , yy = 0] = middle;
  const distance =
    middle.length === 1
      ? (dx * dx) / whole
      : (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / whole;
  const spreads = Math.sqrt(determinant(a.covariance) * determinant(b.covariance));
  const found = Math.sqrt(spreads / whole) * Math.exp(-distance / 8);
  return Number.isFinite(found) ? found : 0;
}

/** The two that overlap most; `undefined` where there is only one. */
export function mostOverlapping(
  components: readonly Component[],
): { one: number; other: number; shared: number } | undefined {
  let best: { one: number; other: number; shared: number } | undefined;
  components.forEach((a, one) => {
    components.slice(one + 1).forEach((b, offset) => {
      const shared = overlap(a, b);
      if (!best || shared > best.shared) best = { one, other: one + 1 + offset, shared };
    });
  });
  return best;
}

const steps = 200;

/** A trade that the visitor has begun: the fit stands still until it goes on. */
interface Trade {
  one: number;
  other: number;
  iteration: number;
  before: number;
}

/** Moves weight between the two components that overlap most, and shows how little the density minds. */
class Overlap implements Part {
  readonly element: HTMLElement;
  readonly place = 'right';
  readonly #context: PartContext;
  readonly #which = make('p', { class: 'note' });
  readonly #label = make('label', { class: 'label' });
  readonly #value = make('output', { name: 'shared-weight', 'aria-live': 'off' });
  readonly #range = make('input', { type: 'range', min: 0, max: steps, step: 1 });
  readonly #result = make('p', { class: 'overlap-result', role: 'status' });
  #report: Report | undefined;
  #trade: Trade | undefined;
  #dragging = false;

  constructor(context: PartContext) {
    this.#context = context;
    const id = uniqueId('share');
    this.#range.id = id;
    this.#label.setAttribute('for', id);
    this.#range.addEventListener('pointerdown', () => {
      this.#dragging = true;
      context.client.pause();
    });
    for (const end of ['pointerup', 'pointercancel', 'blur'] as const) {
      this.#range.addEventListener(end, () => {
        this.#dragging = false;
      });
    }
    this.#range.addEventListener('input', () => this.#share(Number(this.#range.value) / steps));
    this.element = section(
      'Two that overlap',
      undefined,
      this.#which,
      make(
        'div',
        { class: 'control' },
        make('div', { class: 'head' }, this.#label, make('span', { class: 'end' }, this.#value)),
        this.#range,
      ),
      this.#result,
    );
  }

  show(report: Report): void {
    this.#report = report;
    // Where the fit goes on, the trade is over.
    const trade = this.#trade;
    if (trade && (report.iteration !== trade.iteration || !report.components[trade.other])) {
      this.#trade = undefined;
      setText(this.#result, '');
      delete this.#result.dataset.change;
    }
    const pair = this.#pair();
    this.element.hidden = pair === undefined;
    if (!pair) return;
    const { one, other, shared } = pair;
    const [a, b] = [report.components[one], report.components[other]];
    const part = (a?.weight ?? 0) / ((a?.weight ?? 0) + (b?.weight ?? 0) || 1);
    setText(
      this.#which,
      shared < 0.1
        ? `No two share much of a place; the nearest are ${one + 1} and ${other + 1}, by ${fixed(100 * shared, 0)} %. Weight that one of them gives up is missed.`
        : `${one + 1} and ${other + 1} share ${fixed(100 * shared, 0)} % of their place. What one gives up the other has.`,
    );
    setText(this.#label, `Of their weight, to ${one + 1}`);
    setText(this.#value, `${fixed(100 * part, 0)} %`);
    this.#value.dataset.value = String(part);
    this.element.dataset.pair = `${one + 1},${other + 1}`;
    this.element.dataset.shared = String(shared);
    if (!this.#dragging) this.#range.value = String(Math.round(part * steps));
    this.#range.style.setProperty('--at', String(Number(this.#range.value) / steps));
    this.#range.setAttribute('aria-valuetext', `${fixed(100 * part, 0)} %`);
    const now = this.#likelihood();
    if (this.#trade && now !== undefined) {
      const change = now - this.#trade.before;
      const sign = change > 0 ? '+' : '';
      setText(
        this.#result,
        `Log-likelihood at the means: ${fixed(now, 3)}, a change of ${sign}${fixed(change, 3)} a point.`,
      );
      this.#result.dataset.change = String(change);
    }
  }

  #pair(): { one: number; other: number; shared: number } | undefined {
    const components = this.#report?.components ?? [];
    const trade = this.#trade;
    const [a, b] = [components[trade?.one ?? -1], components[trade?.other ?? -1]];
    if (trade && a && b) return { ...trade, shared: overlap(a, b) };
    return mostOverlapping(components);
  }

  #likelihood(): number | undefined {
    return this.#report?.measures.find(({ name }) => name === 'likelihoodAtMeans')?.value;
  }

  #share(part: number): void {
    const { client } = this.#context;
    const pair = this.#pair();
    const before = this.#likelihood();
    if (!pair || before === undefined || !this.#report) return;
    client.pause();
    this.#trade ??= { one: pair.one, other: pair.other, iteration: this.#report.iteration, before };
    client.shareWeight(pair.one, pair.other, part);
  }
}

export const makeOverlap = (context: PartContext): Part => new Overlap(context);
