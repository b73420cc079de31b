import type { Report, Settings } from '../engine/protocol.ts';
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

/** Says in a sentence what fits that have ended come to beside one another, in the order of their panels. */
export type Conclude = (
  ended: readonly { report: Report; settings: Settings }[],
) => string | undefined;

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

/** The negative ELBO a point, over the same draws for all. */
export const negativeElbo: Score = {
  name: 'score',
  label: 'Negative ELBO',
  better: 'less',
  of: (report) => measureOf(report, 'score'),
  say: (value) => fixed(value, 3),
};

/** How far from the optimum the sampled fit stopped, by the score that it shares with coordinate ascent. */
export const farFromOptimum: Conclude = ([sampled, ascent]) => {
  const [from, to] = [sampled, ascent].map((one) => one && negativeElbo.of(one.report));
  if (!sampled || !ascent || from === undefined || to === undefined) return undefined;
  const rate = readable(Number(sampled.settings.learningRate), 4);
  const epochs = count(Number(sampled.settings.epochs));
  const passes = count(ascent.report.iteration);
  const above = fixed(Math.abs(from - to), 3);
  const where = from < to ? 'below' : 'above';
  return `After ${epochs} epochs at ${rate} the sampled fit stands ${above} a point ${where} what coordinate ascent found in ${passes} passes.`;
};

/**
 * The mean log-likelihood a point, in the units of the data: of EM what it raises, of a sparse mixture the part of its cost
 * without the penalty, of a Bayesian one that of the density at the posterior means.
 */
export const likelihood: Score = {
  name: 'score',
  label: 'Log-likelihood a point',
  better: 'more',
  of: (report) =>
    measureOf(report, 'likelihoodAtMeans') ??
    (report.objective.label === 'Log-likelihood'
      ? report.objective.value
      : measureOf(report, 'likelihood')),
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
