import { make, setText } from '../dom.ts';
import { count, fixed, readable } from '../format.ts';
import { type Formula, minus } from '../formulas.ts';
import { frac, hat, id, math, num, op, row, sub, sup } from '../mathml.ts';
import { likelihood, testError } from '../side-by-side/scores.ts';

const i = (base: string): Element => sub(id(base), id('i'));

/** What contestants are compared by, with the score of the one that is ahead. */
export function raceFormula(): Formula {
  const [points, score, error] = [num(), num(), num()];
  const mean = (): Element => frac(num('1'), id('N'));
  const density = make(
    'div',
    {},
    math(
      id('ℓ'),
      op('='),
      mean(),
      sub(op('∑'), id('i')),
      row(id('log'), id('p'), op('('), i('x'), op(')')),
    ),
    make(
      'p',
      { class: 'live' },
      'Now, of the one ahead: ',
      math(id('ℓ'), op('='), score),
      ' for ',
      math(id('N'), op('='), points),
    ),
  );
  const regression = make(
    'div',
    { hidden: true },
    math(
      id('MSE'),
      op('='),
      mean(),
      sub(op('∑'), id('i')),
      sup(row(op('('), hat(i('y')), op(minus), i('y'), op(')')), num('2')),
    ),
    make('p', { class: 'live' }, 'Now, of the one ahead: ', math(id('MSE'), op('='), error)),
  );
  return {
    element: make('div', {}, density, regression),
    show(report) {
      const value = likelihood.of(report);
      density.hidden = value === undefined;
      regression.hidden = value !== undefined;
      setText(points, count(report.dataset.points));
      setText(score, fixed(value ?? Number.NaN, 3));
      setText(error, readable(testError.of(report) ?? Number.NaN, 4));
    },
  };
}
