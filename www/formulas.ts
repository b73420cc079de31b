import { make, setText } from './dom.ts';
import type { Report } from './engine/protocol.ts';
import { decimalsFor, fixed } from './format.ts';
import {
  frac,
  hat,
  id,
  math,
  num,
  op,
  range,
  root,
  row,
  sub,
  subSup,
  sup,
  table,
  within,
  words,
} from './mathml.ts';

/** A formula on the page whose numbers are those of the fit. */
export interface Formula {
  readonly element: HTMLElement;
  show(report: Report): void;
}

export const minus = '\u2212';

/** A number behind a sign of its own. */
function signed(sign: Element, number: Element, value: number, decimals: number): void {
  setText(sign, value < 0 ? minus : '+');
  setText(number, fixed(Math.abs(value), decimals));
}

/** Digits that show a centre and a spread to three digits where both are in sight. */
function digits(...values: number[]): number {
  return Math.min(3, decimalsFor(Math.max(...values.map(Math.abs))));
}

/** A further number of a fit; not a number where it has none of that name. */
export const measure = (report: Report, name: string): number =>
  report.measures.find((one) => one.name === name)?.value ?? Number.NaN;

/** What is made small: the error and the two penalties, with what they are now. */
function lossFormula(): Formula {
  const whole = num();
  const error = num();
  const penalties = num();
  const k = (base: string): Element => sub(id(base), id('k'));
  const sum = math(
    row(words('MSE'), op('+'), id('λ'), op('∑'), k('a'), op('+')),
    frac(id('s'), words('mean distance')),
  );
  const now = math(whole, op('='), error, op('+'), penalties);
  const line = make('p', { class: 'live' }, 'Now: ', now);
  const element = make(
    'div',
    {},
    make('p', {}, 'What is made small: the error and two penalties.'),
    sum,
    line,
  );
  return {
    element,
    show(report) {
      const { value, decimals } = report.objective;
      const loss = measure(report, 'loss');
      line.hidden = !Number.isFinite(loss);
      setText(whole, fixed(loss, decimals));
      setText(error, fixed(value, decimals));
      setText(penalties, fixed(loss - value, decimals));
    },
  };
}

/** The component with the largest amplitude, with its place in the list. */
function largest({ components }: Report): [Report['components'][number] | undefined, number] {
  let place = 0;
  components.forEach(({ weight }, index) => {
    if (Math.abs(weight) > Math.abs(components[place]?.weight ?? 0)) place = index;
  });
  return [components[place], place + 1];
}

/** A sum of Gaussians over the plane, and its largest one. */
function planeFormula(): Formula {
  const count = num();
  const k = (base: string): Element => sub(id(base), id('k'));
  const distance = row(op('('), id('x'), op(minus), k('μ'), op(')'));
  const model = math(
    row(hat(id('y')), op('('), id('x'), op(')'), op('=')),
    range(op('∑'), row(id('k'), op('='), num('1')), count),
    k('a'),
    sup(id('e'), row(op(minus), subSup(id('d'), id('k'), num('2')), op('/'), num('2'))),
  );
  const inner = math(
    row(subSup(id('d'), id('k'), num('2')), op('=')),
    sup(distance, id('⊤')),
    subSup(id('Σ'), id('k'), row(op(minus), num('1'))),
    distance.cloneNode(true) as Element,
  );
  const [a, b, c] = [num(), num(), num()];
  const amplitude = num();
  const [x, y] = [num(), num()];
  const [xx, xy, yx, yy] = [num(), num(), num(), num()];
  const now = make(
    'div',
    { class: 'live' },
    make('p', {}, 'Now, the largest of them:'),
    math(sub(id('a'), a), op('='), amplitude),
    math(sub(id('μ'), b), op('='), within('(', row(x, op(','), y), ')')),
    math(sub(id('Σ'), c), op('='), within('(', table([xx, xy], [yx, yy]), ')')),
  );
  const loss = lossFormula();
  const element = make('div', {}, model, inner, now, loss.element);
  return {
    element,
    show(report) {
      const [component, place] = largest(report);
      now.hidden = component === undefined;
      setText(count, String(report.components.length));
      if (component) {
        for (const index of [a, b, c]) setText(index, String(place));
        setText(amplitude, fixed(component.weight, digits(component.weight)));
        [x, y].forEach((number, axis) => {
          setText(number, fixed(component.mean[axis] ?? 0, 2));
        });
        [xx, xy, yx, yy].forEach((number, entry) => {
          setText(number, fixed(component.covariance[entry] ?? 0, 2));
        });
      }
      loss.show(report);
    },
  };
}

/** A sum of Gaussians over a line: each as a term of the sum, up to three. */
function lineFormula(): Formula {
  const k = (base: string): Element => sub(id(base), id('k'));
  const count = num();
  const model = math(
    row(hat(id('y')), op('=')),
    range(op('∑'), row(id('k'), op('='), num('1')), count),
    k('a'),
    words('\u2009exp'),
    within(
      '(',
      row(
        op(minus),
        frac(
          sup(row(op('('), id('x'), op(minus), k('μ'), op(')')), num('2')),
          row(num('2'), subSup(id('σ'), id('k'), num('2'))),
        ),
      ),
      ')',
    ),
  );
  const terms = [0, 1, 2].map((place) => {
    const [plus, amplitude, sign, centre, spread] = [
      op(place === 0 ? '=' : '+'),
      num(),
      op('+'),
      num(),
      num(),
    ];
    const power = row(
      op(minus),
      frac(
        sup(row(op('('), id('x'), sign, centre, op(')')), num('2')),
        row(num('2'), op('·'), sup(spread, num('2'))),
      ),
    );
    return {
      amplitude,
      sign,
      centre,
      spread,
      element: math(plus, amplitude, words('\u2009exp'), within('(', power, ')')),
    };
  });
  const more = make('p', {}, 'and smaller ones.');
  const now = make(
    'div',
    { class: 'live' },
    make('p', {}, 'Now:'),
    ...terms.map(({ element }) => element),
    more,
  );
  const loss = lossFormula();
  const element = make('div', {}, model, now, loss.element);
  return {
    element,
    show(report) {
      const ordered = [...report.components].sort((one, other) => other.weight - one.weight);
      // Two keep their order, so that a term stays that of its component.
      const shown = ordered.length > terms.length ? ordered : report.components;
      setText(count, String(ordered.length));
      more.hidden = ordered.length <= terms.length;
      terms.forEach(({ amplitude, sign, centre, spread, element: term }, place) => {
        const component = shown[place];
        term.toggleAttribute('hidden', component === undefined);
        if (!component) return;
        setText(amplitude, fixed(component.weight, 2));
        signed(sign, centre, -(component.mean[0] ?? 0), 2);
        setText(spread, fixed(Math.sqrt(component.covariance[0] ?? 0), 2));
      });
      loss.show(report);
    },
  };
}

/** A sum of Gaussians, over a plane or over a line, as the data have it. */
export function sumFormula(): Formula {
  const forms = [lineFormula(), planeFormula()];
  return {
    element: make('div', {}, ...forms.map(({ element }) => element)),
    show(report) {
      const dimensions = report.components[0]?.mean.length ?? 2;
      forms.forEach(({ element, show }, index) => {
        element.hidden = index !== dimensions - 1;
        if (!element.hidden) show(report);
      });
    },
  };
}

/** A sum and its penalties, for a page without a fit of its own. */
export function penaltiesFormula(): Formula {
  const loss = lossFormula();
  for (const line of loss.element.querySelectorAll<HTMLElement>('.live')) line.hidden = true;
  return { element: loss.element, show() {} };
}

const forms = [
  ['sigma-asked', 'As asked'],
  ['sigma-single-where', 'Single where'],
  ['sigma-double-where', 'Double where'],
  ['sigma-safe', 'Safe'],
  ['sigma-squared', 'Squared'],
] as const;

/** The bump within its edge, and 0 beyond it. */
function bumpCases(): MathMLElement {
  const inside = row(
    words('\u2009exp'),
    within(
      '(',
      row(op(minus), frac(id('σ'), row(id('σ'), op(minus), sup(id('x'), num('2'))))),
      ')',
    ),
  );
  const condition = row(op('|'), id('x'), op('|'), op('<'), root(id('σ')));
  return math(id('f'), op('='), op('{'), table([inside, condition], [num('0'), words('else')]));
}

/** The bump, and the σ that each form has learned. */
export function bumpFormula(): Formula {
  const rows = forms.map(([name, label]) => {
    const value = make('dd');
    return { name, value, element: make('div', {}, make('dt', {}, label), value) };
  });
  const now = make('dl', { class: 'sums live' }, ...rows.map(({ element }) => element));
  const element = make('div', {}, bumpCases(), make('p', {}, 'Now, the σ of each form:'), now);
  return {
    element,
    show(report) {
      for (const { name, value } of rows) setText(value, fixed(measure(report, name), 4));
    },
  };
}

/** The bump with the σ being learned. */
export function sweepFormula(): Formula {
  const truth = num();
  const learned = num();
  const now = make(
    'div',
    { class: 'live' },
    make('p', {}, 'Now:'),
    math(id('σ'), op('='), truth, op(','), row(hat(id('σ')), op('='), learned)),
  );
  return {
    element: make('div', {}, bumpCases(), now),
    show(report) {
      now.hidden = !Number.isFinite(measure(report, 'learned'));
      setText(truth, fixed(measure(report, 'true'), 1));
      setText(learned, fixed(measure(report, 'learned'), 4));
    },
  };
}
