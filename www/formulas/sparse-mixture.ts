import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { fixed } from '../format.ts';
import { type Formula, measure, minus } from '../formulas.ts';
import {
  frac,
  id,
  math,
  num,
  op,
  range,
  root,
  row,
  sub,
  sup,
  table,
  within,
  words,
} from '../mathml.ts';

type Component = Report['components'][number];

/** The precision of a component in the plane: the inverse of its covariance. */
function precision({ covariance }: Component): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = covariance;
  const determinant = a * d - b * c;
  return [d, -b, -c, a].map((entry) => entry / determinant);
}

/** What is made small, and its two parts as they are now. */
function costFormula(): Formula {
  const s = num();
  const count = num();
  const whole = num();
  const sign = op('+');
  const parts = [num(), num()] as const;
  const j = (base: string): Element => sub(id(base), id('j'));
  const cost = math(
    row(
      words('cost'),
      op('='),
      op(minus),
      frac(num('1'), id('N')),
      op('∑'),
      words('log p'),
      op('('),
    ),
    row(sub(id('x'), id('i')), op(')'), op('+')),
    frac(s, count),
    op('∑'),
    root(j('W')),
  );
  const now = make('p', { class: 'live' }, 'Now: ', math(whole, op('='), parts[0], sign, parts[1]));
  return {
    element: make('div', {}, cost, now),
    show(report) {
      const on = Math.max(1, report.components.length);
      setText(count, String(on));
      // The price is s/M Σ √W: the sparsity in force is read from it.
      const roots = report.components.reduce((sum, { weight }) => sum + Math.sqrt(weight), 0);
      const price = measure(report, 'price');
      setText(s, fixed(roots > 0 ? (price * on) / roots : Number.NaN, 0));
      setText(whole, fixed(report.objective.value, 2));
      setText(parts[0], fixed(measure(report, 'likelihoodPart'), 2));
      setText(parts[1], fixed(price, 2));
    },
  };
}

/** A mixture whose weights are a softmax and whose precisions are products, with the largest component's numbers. */
export function sparseFormula(): Formula {
  const count = num();
  const j = (base: string): Element => sub(id(base), id('j'));
  const model = math(
    row(words('p'), op('('), id('x'), op(')'), op('=')),
    range(op('∑'), row(id('j'), op('='), num('1')), count),
    j('W'),
    words('\u2009N'),
    within('(', row(id('x'), op(','), j('μ'), op(','), j('Σ')), ')'),
  );
  const softmax = math(
    j('W'),
    op('='),
    frac(sup(id('e'), j('w')), row(op('∑'), sup(id('e'), sub(id('w'), id('k'))))),
  );
  const product = math(
    sup(j('Σ'), row(op(minus), num('1'))),
    op('='),
    j('A'),
    sup(j('A'), id('⊤')),
  );
  const places = [num(), num()] as const;
  const weight = num();
  const entries = [num(), num(), num(), num()] as const;
  const deviation = num();
  const plane = math(
    sub(row(id('A'), sup(id('A'), id('⊤'))), places[1]),
    op('='),
    within('(', table([entries[0], entries[1]], [entries[2], entries[3]]), ')'),
  );
  const line = math(row(num('1'), op('/'), id('σ')), op('='), deviation);
  const now = make(
    'div',
    { class: 'live' },
    make('p', {}, 'Now, the largest of them:'),
    math(sub(id('W'), places[0]), op('='), weight),
    plane,
    line,
  );
  const cost = costFormula();
  const element = make(
    'div',
    {},
    model,
    make(
      'p',
      {},
      'The weights come from free numbers w, and so do the shapes from A: any numbers will do.',
    ),
    softmax,
    product,
    now,
    make(
      'p',
      {},
      'What is made small has two parts: the points are to be likely, and weights have a price.',
    ),
    cost.element,
  );
  return {
    element,
    show(report) {
      const { components } = report;
      setText(count, String(components.length));
      let largest = 0;
      components.forEach((one, index) => {
        if (one.weight > (components[largest]?.weight ?? 0)) largest = index;
      });
      const component = components[largest];
      now.hidden = component === undefined;
      if (component) {
        for (const place of places) setText(place, String(largest + 1));
        setText(weight, fixed(component.weight, 3));
        const inPlane = component.covariance.length === 4;
        plane.toggleAttribute('hidden', !inPlane);
        line.toggleAttribute('hidden', component.covariance.length !== 1);
        if (inPlane) {
          precision(component).forEach((entry, index) => {
            const place = entries[index];
            if (place) setText(place, fixed(entry, 0));
          });
        }
        setText(deviation, fixed(1 / Math.sqrt(component.covariance[0] ?? 1), 3));
      }
      cost.show(report);
    },
  };
}
