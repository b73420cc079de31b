import { readFileSync } from 'node:fs';
import { expect, test } from './playground.ts';

/** What native fits of the same settings and seeds came to. */
interface Fit {
  name: string;
  experiment: string;
  settings: Record<string, string | number | boolean>;
  result: { iteration: number; objective: number; test: number | null; safe: number | null };
}

const fits = JSON.parse(
  readFileSync(new URL('../reference/final_losses.json', import.meta.url), 'utf8'),
) as Fit[];

/** Natively some functions round otherwise than in WebAssembly; long fits carry that on. */
const near = (found: number, expected: number): boolean =>
  Math.abs(found - expected) <= 1e-4 * Math.abs(expected) + 1e-9;

for (const { name, experiment, settings, result } of fits) {
  test(`${name}: the page ends where the native fit does`, async ({ playground }) => {
    const hash = Object.entries({ backend: 'cpu', ...settings }).map(([key, it]) => `${key}=${it}`);
    await playground.openLink(`experiment=${experiment}&${hash.join('&')}`);
    await playground.fastest();
    await expect(playground.output('status')).toHaveText(/^(Stopped|Converged)$/, {
      timeout: 40_000,
    });
    const objective = await playground.settled('objective');
    expect(near(objective, result.objective), `${objective} for ${result.objective}`).toBe(true);
    for (const [key, expected] of [
      ['test', result.test],
      ['sigma-safe', result.safe],
    ] as const) {
      if (expected === null) continue;
      const found = await playground.value(key);
      expect(near(found, expected), `${key}: ${found} for ${expected}`).toBe(true);
    }
  });
}

test('the sweep finds all 99 widths within 0.01', async ({ playground }) => {
  await playground.openExperiment('bump-sweep');
  await playground.fastest();
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 50_000 });
  expect(await playground.value('fitted')).toBe(99);
  expect(await playground.value('objective')).toBeLessThanOrEqual(0.01);
});
