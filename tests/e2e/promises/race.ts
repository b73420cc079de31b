import { expect, type Playground } from '../playground.ts';
import type { Kept } from './checks.ts';

export interface Contestant {
  label: string;
  score: number;
  bic: number;
  iterations: number;
  seconds: number;
  status: string;
  why: string;
}

/** What the table says of the contestants. */
export async function contestants({ page }: Playground): Promise<Contestant[]> {
  return page.locator('.race-table tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const value = (name: string): string =>
        row.querySelector<HTMLElement>(`td[data-name="${name}"]`)?.dataset.value ?? '';
      const number = (name: string): number =>
        value(name) === '' ? Number.NaN : Number(value(name));
      return {
        label: row.querySelector('th')?.textContent ?? '',
        score: number('score'),
        bic: number('bic'),
        iterations: number('iterations'),
        seconds: number('seconds'),
        status: value('status'),
        why: value('why'),
      };
    }),
  );
}

/** Lets the race run to its end. */
export async function raced(playground: Playground): Promise<Contestant[]> {
  await expect(playground.output('status')).toHaveText('Done', { timeout: 150_000 });
  return contestants(playground);
}

const within = (value: number | undefined, wanted: number, range: number): void =>
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThan(range);

/** The contestants have these names, and come to what is checked. */
function comes(
  labels: string[],
  check: (...found: Contestant[]) => void,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await expect(playground.page.locator('.race .panel h2')).toHaveText(labels);
    check(...(await raced(playground)));
  };
}

export const race: Kept[] = [
  {
    link: 'Old Faithful: tilted ellipses',
    kept: comes(['EM', 'EM, Diagonal', 'Coordinate ascent'], (tilted, straight, bayes) => {
      within(tilted?.bic, 2322.2, 0.05);
      expect(tilted?.score).toBeGreaterThan(0.05 + (straight?.score ?? 0));
      expect(tilted?.score).toBeGreaterThan(0.05 + (bayes?.score ?? 0));
    }),
  },
  {
    link: 'Ten starts instead of one',
    kept: comes(['EM', 'EM, 10 starts'], (one, ten) => {
      within(one?.score, -3.947, 0.001);
      within(ten?.score, -3.534, 0.001);
    }),
  },
  {
    link: 'By seconds: EM is over',
    kept: comes(['EM', 'Gradient', 'Sampled Bayes'], (em, gradient, bayes) => {
      expect(em?.seconds).toBeLessThan(gradient?.seconds ?? 0);
      expect(em?.seconds).toBeLessThan(bayes?.seconds ?? 0);
    }),
  },
  {
    link: 'Three starts: one corner',
    kept: comes(['k-means++', 'Random points', 'One corner'], (spread, _, corner) => {
      within(spread?.score, -3.534, 0.001);
      // That of a single Gaussian.
      within(corner?.score, -4.702, 0.001);
      expect(corner?.status).toBe('converged');
    }),
  },
  {
    link: 'Least squares against Adam and SGD',
    kept: comes(['Adam', 'SGD', 'Levenberg–Marquardt'], (adam, sgd, squares) => {
      expect(squares?.score).toBeLessThan(1e-9);
      expect(squares?.iterations).toBeLessThan((adam?.iterations ?? 0) / 10);
      const each = (one: Contestant | undefined): number =>
        (one?.seconds ?? 0) / (one?.iterations ?? 1);
      expect(each(squares)).toBeGreaterThan(each(adam));
      expect(each(squares)).toBeGreaterThan(each(sgd));
    }),
  },
];
