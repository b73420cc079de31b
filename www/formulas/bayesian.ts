import { make, setText } from '../dom.ts';
import { fixed } from '../format.ts';
import { type Formula, measure, minus } from '../formulas.ts';
import { id, math, num, op, range, row, sub, sup, words } from '../mathml.ts';

/** A symbol of component k along axis d. */
const of = (name: string): Element => sub(id(name), row(id('k'), id('d')));
const call = (name: Element | string, ...inside: (Element | string)[]): Element =>
  row(typeof name === 'string' ? words(name) : name, op('('), ...inside, op(')'));

/** The factors of the posterior, each with the prior of the source. */
function factors(): Element[] {
  const precision = sup(sub(id('σ'), row(id('k'), id('d'))), row(op(minus), num('2')));
  return [
    math(row(id('q'), call('', of('μ')), op('='), call('Normal', of('l'), op(','), of('s')))),
    math(row(id('q'), call('', precision), op('='), call('Gamma', of('α'), op(','), of('β')))),
    math(row(id('q'), call('', id('θ')), op('='), call('Dirichlet', id('c')))),
  ];
}

/** The parts of what is made small, as measures of the report. */
const parts = [
  ['negativeLogLikelihood', 3],
  ['divergenceOfMeans', 4],
  ['divergenceOfPrecisions', 4],
  ['divergenceOfWeights', 4],
] as const;

/** The model, its posterior, and the bound with the numbers of the fit. */
export function bayesianFormula(): Formula {
  const count = num();
  const model = math(
    row(call(id('p'), id('x')), op('=')),
    range(op('∑'), row(id('k'), op('='), num('1')), count),
    sub(id('θ'), id('k')),
    sub(op('∏'), id('d')),
    call('Normal', sub(id('x'), id('d')), op(';'), of('μ'), op(','), of('σ')),
  );
  const divergence = (...inside: Element[]): Element => call('KL', ...inside);
  const bound = math(
    row(
      op(minus),
      sub(words('E'), id('q')),
      words('\u2009ln\u2009'),
      call(id('p'), id('x')),
      op('+'),
      divergence(id('μ')),
      op('+'),
      divergence(id('σ')),
      op('+'),
      divergence(id('θ')),
    ),
  );
  const whole = num();
  const numbers = parts.map(() => num());
  const sum = numbers.flatMap((number, index) => (index === 0 ? [number] : [op('+'), number]));
  const now = make('p', { class: 'live' }, 'Now, a point: ', math(whole, op('='), ...sum));
  const element = make(
    'div',
    {},
    model,
    make(
      'p',
      {},
      'None of these is a number here; each has a distribution, and the fit finds those.',
    ),
    ...factors(),
    make(
      'p',
      {},
      'What is made small is the negative evidence lower bound: how badly draws explain the points, and how far each distribution is from its prior, divided by the number of points.',
    ),
    bound,
    now,
  );
  return {
    element,
    show(report) {
      setText(count, String(report.components.length));
      setText(whole, fixed(report.objective.value, report.objective.decimals));
      parts.forEach(([name, decimals], index) => {
        const number = numbers[index];
        if (number) setText(number, fixed(measure(report, name), decimals));
      });
    },
  };
}
