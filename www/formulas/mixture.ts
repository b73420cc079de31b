import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { count as counted, fixed } from '../format.ts';
import { type Formula, minus } from '../formulas.ts';
import { frac, id, math, num, op, range, row, sub, sup, table, within, words } from '../mathml.ts';

const measure = ({ measures }: Report, name: string): number | undefined =>
  measures.find((one) => one.name === name)?.value;

const k = (base: string): Element => sub(id(base), id('k'));

/** The density of one Gaussian at x. */
const gaussian = (index: string): Element =>
  row(
    id('𝒩'),
    op('('),
    id('x'),
    op('|'),
    sub(id('μ'), id(index)),
    op(','),
    sub(id('Σ'), id(index)),
    op(')'),
  );

/** The mixture's largest Gaussian, with its numbers. */
function largestFormula(): Formula {
  const [first, second, third] = [num(), num(), num()];
  const weight = num();
  const [x, y] = [num(), num()];
  const [xx, xy, yx, yy] = [num(), num(), num(), num()];
  const plane = row(within('(', row(x, op(','), y), ')'));
  const [centre, spread] = [num(), num()];
  const mean = row(plane, centre);
  const covariance = row(within('(', table([xx, xy], [yx, yy]), ')'));
  const one = row(sup(spread, num('2')));
  const element = make(
    'div',
    { class: 'live' },
    make('p', {}, 'Now, the largest of them:'),
    math(sub(id('π'), first), op('='), weight),
    math(sub(id('μ'), second), op('='), mean),
    math(sub(id('Σ'), third), op('='), covariance, one),
  );
  return {
    element,
    show({ components }) {
      const largest = components.reduce(
        (best, { weight: share }, index) =>
          share > (components[best]?.weight ?? 0) ? index : best,
        0,
      );
      const component = components[largest];
      element.hidden = component === undefined;
      if (!component) return;
      for (const place of [first, second, third]) setText(place, String(largest + 1));
      setText(weight, fixed(component.weight, 2));
      const line = component.mean.length === 1;
      const digits = (value: number): number => (Math.abs(value) >= 100 ? 0 : 2);
      const say = (place: Element, value = 0): void => setText(place, fixed(value, digits(value)));
      for (const [part, shown] of [
        [plane, !line],
        [centre, line],
        [covariance, !line],
        [one, line],
      ] as const) {
        part.toggleAttribute('hidden', !shown);
      }
      if (line) {
        say(centre, component.mean[0]);
        say(spread, Math.sqrt(component.covariance[0] ?? 0));
      } else {
        say(x, component.mean[0]);
        say(y, component.mean[1]);
        [xx, xy, yx, yy].forEach((entry, index) => {
          say(entry, component.covariance[index]);
        });
      }
    },
  };
}

/** Which share a Gaussian has of a point: with the mixing weights, or as the source has it. */
function sharesFormula(): Formula {
  const withWeights = math(
    row(sub(id('r'), id('k')), op('=')),
    frac(row(k('π'), gaussian('k')), row(op('∑'), sub(id('π'), id('j')), gaussian('j'))),
  );
  const without = math(
    row(sub(id('r'), id('k')), op('=')),
    frac(gaussian('k'), row(op('∑'), gaussian('j'))),
  );
  const update = math(
    row(k('μ'), op('='), frac(row(op('∑'), k('r'), id('x')), row(op('∑'), k('r')))),
  );
  const element = make(
    'div',
    {},
    make('p', {}, 'E: the share that each Gaussian has of a point x.'),
    withWeights,
    without,
    make('p', {}, 'M: each takes the mean of its shares, and so its spread and its weight.'),
    update,
  );
  return {
    element,
    show(report) {
      // Only the source's iteration has a value of its own.
      const equal = measure(report, 'cost') !== undefined;
      withWeights.toggleAttribute('hidden', equal);
      without.toggleAttribute('hidden', !equal);
    },
  };
}

/** BIC with its numbers. */
function bicFormula(): Formula {
  const [parameters, points, total, whole] = [num(), num(), num(), num()];
  const logarithm = (): Element => words('\u2009ln\u2009');
  const two = (): Element[] => [op(minus), num('2')];
  const model = math(
    row(words('BIC'), op('='), id('p'), logarithm(), id('N')),
    row(...two(), logarithm(), id('L')),
  );
  const line = make(
    'div',
    { class: 'live' },
    math(op('='), row(parameters, logarithm(), points), row(...two(), op('·')), total),
    math(op('='), whole),
  );
  const element = make(
    'div',
    {},
    make('p', {}, 'What p free numbers cost, against what they bring:'),
    model,
    line,
  );
  return {
    element,
    show(report) {
      const [bic, aic, likelihood] = ['bic', 'aic', 'total'].map((name) => measure(report, name));
      line.hidden = bic === undefined || aic === undefined || likelihood === undefined;
      if (bic === undefined || aic === undefined || likelihood === undefined) return;
      const free = Math.round((aic + 2 * likelihood) / 2);
      setText(parameters, String(free));
      // Of weighted points it is their sum.
      const sum = Math.exp((bic + 2 * likelihood) / free);
      setText(points, counted(Math.round(sum)));
      setText(total, likelihood < 0 ? `(${fixed(likelihood, 1)})` : fixed(likelihood, 1));
      setText(whole, fixed(bic, 1));
    },
  };
}

/** A mixture of Gaussians by EM: its density, the two steps, and BIC. */
export function mixtureFormula(): Formula {
  const many = num();
  const model = math(
    row(id('p'), op('('), id('x'), op(')'), op('=')),
    range(op('∑'), row(id('k'), op('='), num('1')), many),
    k('π'),
    gaussian('k'),
  );
  const parts = [largestFormula(), sharesFormula(), bicFormula()];
  const element = make('div', {}, model, ...parts.map((part) => part.element));
  return {
    element,
    show(report) {
      setText(many, String(report.components.length));
      for (const part of parts) part.show(report);
    },
  };
}
