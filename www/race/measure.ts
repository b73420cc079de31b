import { error } from '../comparison/words.ts';
import { fixed } from '../format.ts';
import { likelihood, type Score, testError } from '../side-by-side/scores.ts';
import type { Kind } from './models.ts';

/** What the contestants of a kind are compared by. */
export interface Measure {
  score: Score;
  axis: 'linear' | 'logarithmic';
  /** The name of the chart's axis. */
  words: string;
  /** Whether two scores are as good as the same. */
  level(a: number, b: number): boolean;
  /** A score that several have, and what that means. */
  tie(value: number): string;
  /** A score within a sentence. */
  say(value: number): string;
  /** By how much one score is behind a better one, in words. */
  behind(value: number, best: number): string;
}

/** Log-likelihoods a point within this are as good as the same: as likely to a factor of e^0.001. */
const sameLikelihood = 1e-3;
/** Errors below this are those of rounding. */
const exact = 1e-9;

export const measures: Record<Kind, Measure> = {
  mixture: {
    score: likelihood,
    axis: 'linear',
    words: 'Log-likelihood a point',
    level: (a, b) => Math.abs(a - b) <= sameLikelihood,
    tie: (value) => `${fixed(value, 3)} a point, to within 0.001`,
    say: (value) => `${fixed(value, 3)} a point`,
    behind: (value, best) => `${fixed(best - value, 3)} lower`,
  },
  regression: {
    score: testError,
    axis: 'logarithmic',
    words: 'Test MSE',
    level: (a, b) => (a < exact && b < exact) || Math.max(a, b) <= 1.05 * Math.min(a, b),
    tie: (value) =>
      value < exact
        ? 'a test MSE below 10⁻⁹, which is exact'
        : `a test MSE of ${error(value)}, to within 5 %`,
    say: (value) => `a test MSE of ${error(value)}`,
    behind: (value) => `at ${error(value)}`,
  },
};

/**
 * The column of a fit's history that is the score, and its sign; `undefined` where none of them is and
 * only reports tell it.
 */
export function scoreColumn(
  experiment: string,
  curves: readonly string[],
): { column: number; sign: 1 | -1 } | undefined {
  const at = (name: string): number => curves.indexOf(name);
  switch (experiment) {
    case 'em-mixture':
      return { column: 0, sign: 1 };
    case 'sparse-mixture': {
      const [plain, negated] = [at('mean log-likelihood'), at('− log-likelihood')];
      if (plain >= 0) return { column: plain, sign: 1 };
      return negated >= 0 ? { column: negated, sign: -1 } : undefined;
    }
    case 'sum-of-gaussians':
      return { column: at('test mse') >= 0 ? at('test mse') : at('mse'), sign: 1 };
    default:
      return undefined;
  }
}
