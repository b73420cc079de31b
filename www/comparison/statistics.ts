import type { ComparisonCell } from '../../pkg/gaussian_playground.js';
import type { Course } from './study.ts';

/** What the fits of one size under one condition came to. */
export interface Summary {
  condition: number;
  components: number;
  /** Fits that count. */
  n: number;
  failed: number;
  /** Not there yet. */
  missing: number;
  /** Of the test errors; not a number without any. */
  mean: number;
  /** Their sample standard deviation; not a number with fewer than two. */
  deviation: number;
  least: number;
  /** The fit with the least test error. */
  best: ComparisonCell | undefined;
}

/** The learned K of a plan, rising. */
export function sizesOf(cells: readonly ComparisonCell[]): number[] {
  return [...new Set(cells.map(({ components }) => components))].sort((a, b) => a - b);
}

/** Mean and sample standard deviation. */
export function moments(values: readonly number[]): { mean: number; deviation: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN };
}

/** Each condition's sizes, in the order of the plan. */
export function summaries({ plan, results }: Course): Summary[][] {
  const sizes = sizesOf(plan.cells);
  return plan.conditions.map((_, condition) =>
    sizes.map((components) => summary(condition, components)),
  );

  function summary(condition: number, components: number): Summary {
    const errors: number[] = [];
    let [failed, missing] = [0, 0];
    let best: ComparisonCell | undefined;
    let least = Number.POSITIVE_INFINITY;
    plan.cells.forEach((cell, index) => {
      if (cell.condition !== condition || cell.components !== components) return;
      const result = results[index];
      if (!result) missing += 1;
      else if (result.failure !== '') failed += 1;
      else {
        errors.push(result.test);
        if (result.test < least) [least, best] = [result.test, cell];
      }
    });
    return {
      ...{ condition, components, n: errors.length, failed, missing, least, best },
      ...moments(errors),
    };
  }
}
