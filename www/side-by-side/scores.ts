import type { Report } from '../engine/protocol.ts';
import { count, fixed, readable } from '../format.ts';

/** A number that fits are compared by. */
export interface Score {
  name: string;
  label: string;
  better: 'more' | 'less';
  /** `undefined` where the fit has no such number. */
  of(report: Report): number | undefined;
  /** The number as the table has it. */
  say(value: number, report: Report): string;
}

const measureOf = ({ objective, measures }: Report, name: string): number | undefined =>
  [objective, ...measures].find((measure) => measure.name === name)?.value;

/** How many of the true Gaussians were found. */
export const recovered: Score = {
  name: 'recovered',
  label: 'Recovered',
  better: 'more',
  of: ({ recovered: all }) =>
    all.length > 0 ? all.filter(({ status }) => status === 'found').length : undefined,
  say: (value, { recovered: all }) => `${count(value)} of ${count(all.length)}`,
};

export const testError: Score = {
  name: 'test',
  label: 'Test MSE',
  better: 'less',
  of: (report) => measureOf(report, 'test') ?? measureOf(report, 'objective'),
  say: (value) => readable(value, 4),
};

/**
 * The mean log-likelihood a point, in the units of the data: of EM what it raises, of a sparse mixture the part of its cost
 * without the penalty, of a Bayesian one that of the density at the posterior means. Until that is reported, the likelihood
 * that is expected over the posterior stands for it, which is a little lower.
 */
export const likelihood: Score = {
  name: 'score',
  label: 'Log-likelihood a point',
  better: 'more',
  of: (report) => {
    const atMeans = measureOf(report, 'likelihoodAtMeans');
    if (atMeans !== undefined) return atMeans;
    const { label } = report.objective;
    if (label === 'Log-likelihood') return report.objective.value;
    const part = measureOf(report, 'likelihood');
    const negated = report.measures
      .find(({ name }) => name === 'likelihood')
      ?.label.startsWith('−');
    return part === undefined ? undefined : negated ? -part : part;
  },
  say: (value) => fixed(value, 3),
};

/** Which of two fits is the better one by these numbers, the first counting most: negative where `a` is. */
export function compare(a: Report, b: Report, scores: readonly Score[]): number {
  for (const { of, better } of scores) {
    const [x, y] = [of(a), of(b)];
    if (x === y) continue;
    // A number that is not there, or is none, is the worst.
    if (x === undefined || Number.isNaN(x)) return 1;
    if (y === undefined || Number.isNaN(y)) return -1;
    return better === 'more' ? y - x : x - y;
  }
  return 0;
}
