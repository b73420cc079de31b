import { expect, test } from '@playwright/test';
import type { ComparisonCell, ComparisonPlan } from '../../pkg/gaussian_playground.js';
import { resultsCsv } from '../../www/comparison/results.ts';
import { apart, logarithmicPlace, logarithmicTicks } from '../../www/comparison/scale.ts';
import { moments, summaries } from '../../www/comparison/statistics.ts';
import type { Course, Result } from '../../www/comparison/study.ts';
import { duration, error, large } from '../../www/comparison/words.ts';
import { lineUps, settingsOfContenders, truthOf } from '../../www/side-by-side/line-ups.ts';

// The parts of the comparison and of the line-ups that need no browser.

const cells: ComparisonCell[] = [0, 1].flatMap((dataSet) =>
  [2, 4].flatMap((components) =>
    [0, 1].map((condition) => ({
      condition,
      components,
      dataSet,
      start: 0,
      pairs: 1000,
      change: { dataSeed: 1 + dataSet, components, note: 'a, "b"' },
    })),
  ),
);

const plan = {
  conditions: [
    { name: 'none', label: 'No penalty' },
    { name: 'l1', label: 'Amplitude penalty' },
  ],
  cells,
} as unknown as ComparisonPlan;

const result = (test: number, failure = ''): Result => ({
  test,
  train: test / 2,
  found: 1,
  truth: 4,
  iterations: 10,
  seconds: 0.5,
  state: failure === '' ? 'exhausted' : 'failed',
  failure,
});

test('what failed counts for nothing, and what is to come is told apart from it', () => {
  const results = cells.map((_, index): Result | undefined =>
    index === 7 ? undefined : index === 4 ? result(9, 'It broke.') : result(index + 1),
  );
  const course: Course = { plan, workers: 2, results, state: 'running' };
  const [[few, many] = [], [, last] = []] = summaries(course);
  expect(few).toMatchObject({ components: 2, n: 1, failed: 1, missing: 0, mean: 1, least: 1 });
  expect(few?.deviation).toBeNaN();
  expect(many).toMatchObject({ components: 4, n: 2, failed: 0, mean: 5, least: 3 });
  expect(many?.deviation).toBeCloseTo(Math.sqrt(8), 12);
  expect(many?.best).toBe(cells[2]);
  expect(last).toMatchObject({ n: 1, missing: 1 });
  const lines = resultsCsv(course).trimEnd().split('\r\n');
  expect(lines).toHaveLength(8);
  expect(lines[0]).toMatch(
    /^condition,learnedK,.*,setting:dataSeed,setting:components,setting:note$/,
  );
  expect(lines[5]).toBe('none,2,2,1,9,4.5,1,4,10,0.5,failed,It broke.,2,2,"a, ""b"""');
});

test('mean and sample standard deviation', () => {
  expect(moments([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: Math.sqrt(32 / 7) });
  expect(moments([]).mean).toBeNaN();
});

test('a logarithmic axis has short ticks within its ends', () => {
  expect(logarithmicTicks(0.07, 0.6)).toEqual([0.1, 0.2, 0.5]);
  expect(logarithmicTicks(1e-5, 2)).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
  expect(logarithmicTicks(1e-20, 1).length).toBeLessThan(10);
  expect(logarithmicPlace(1, [0.1, 10])).toBeCloseTo(0.5, 12);
});

test('labels move apart as little as needed and stay inside', () => {
  expect(apart([10, 50, 90], 15, 100)).toEqual([10, 50, 90]);
  expect(apart([50, 52, 20], 15, 100)).toEqual([50, 65, 20]);
  const low = apart([98, 99, 97], 15, 100);
  expect(Math.max(...low)).toBe(100);
  expect([...low].sort((a, b) => a - b)).toEqual([70, 85, 100]);
});

test('times, errors and large numbers in words', () => {
  expect([0.4, 40, 200, 3000, 3900].map(duration)).toEqual([
    'less than 1 s',
    '40 s',
    '3 min 20 s',
    '50 min',
    '1 h 5 min',
  ]);
  expect([9000, 4.8e8, 1.93e9, 2.24e12].map(large)).toEqual([
    '9,000',
    '480 million',
    '1.9 billion',
    '2.2 trillion',
  ]);
  expect([0.123456, 1.23456e-5, Number.NaN].map(error)).toEqual(['0.123', '1.23·10⁻⁵', '–']);
});

test('pruning ends at the true number, halfway through the steps', () => {
  const many = lineUps.find(({ name }) => name === 'many-or-pruned');
  if (!many) throw new Error('There is no such line-up.');
  const settings = { dataset: 'four-gaussians', components: 6, points: 1000, batchSize: 100 };
  const problem = { settings: { ...settings, epochs: 100 }, truth: 4 };
  expect(settingsOfContenders(many, problem)[1]).toMatchObject({
    components: 24,
    pruneTo: 4,
    // 1,000 steps, twenty to remove.
    pruneEvery: 25,
    amplitudeL1: 0,
  });
  // Where the truth is not known the board's own number stands in for it.
  const unknown = { ...problem, truth: undefined };
  expect(settingsOfContenders(many, unknown)[1]).toMatchObject({ pruneTo: 6 });
  expect(truthOf({ dataset: 'four-gaussians', trueGaussians: 3 }, 4)).toBe(3);
  expect(truthOf({ dataset: 'two-cities' }, 0)).toBe(2);
  expect(truthOf({ dataset: 'own' }, 0)).toBeUndefined();
  expect(truthOf({ dataset: 'own' }, 5)).toBe(5);
});

test('no two line-ups of one name, and no two contenders', () => {
  expect(new Set(lineUps.map(({ name }) => name)).size).toBe(lineUps.length);
  for (const { contenders } of lineUps) {
    expect(new Set(contenders.map(({ label }) => label)).size).toBe(contenders.length);
  }
});
