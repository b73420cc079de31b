import { expect, type Playground } from '../playground.ts';
import { addressHas, all, end, errorAbove, type Kept, recovers, title } from './checks.ts';

/** Starts the comparison and gives the mean error of each condition and size once it is over. */
async function compared(playground: Playground): Promise<(name: string, k: number) => number> {
  await playground.button('Start').click();
  await expect(playground.output('status')).toHaveText('Done', { timeout: 360_000 });
  const rows = await playground.page.locator('.results tbody tr').evaluateAll((found) =>
    found.map((row) => {
      const condition = row.closest('tbody')?.dataset.condition ?? '';
      const size = row instanceof HTMLElement ? row.dataset.components : '';
      const mean = row.querySelector<HTMLElement>('td')?.dataset.value ?? '';
      return [`${condition} ${size}`, mean] as const;
    }),
  );
  const means = new Map(rows);
  return (name, k) => Number(means.get(`${name} ${k}`));
}

export const comparison: Kept[] = [
  {
    link: 'The quick grid',
    kept: async (playground) => {
      const mean = await compared(playground);
      expect(mean('none', 16)).toBeLessThan(0.5 * mean('none', 4));
      expect(mean('l1', 16)).toBeGreaterThan(2 * mean('none', 16));
      expect(Math.abs(mean('spread', 4) / mean('none', 4) - 1)).toBeLessThan(0.2);
    },
  },
  {
    link: 'A hundredth of the L1',
    kept: async (playground) => {
      const mean = await compared(playground);
      for (const k of [2, 4, 8]) {
        expect(Math.abs(mean('l1', k) / mean('none', k) - 1)).toBeLessThan(0.1);
      }
    },
  },
  {
    link: 'One of its fits, live',
    kept: all(title('Sum of Gaussians'), end, errorAbove(0.2)),
  },
  {
    link: 'Without luck: residual peaks',
    kept: all(title('Sum of Gaussians'), recovers(4, 0, 0)),
  },
  {
    link: 'With no penalty at all',
    kept: async (playground) => {
      const mean = await compared(playground);
      for (const k of [2, 4]) {
        for (const name of ['l1', 'spread', 'both']) expect(mean(name, k)).toBe(mean('none', k));
      }
    },
  },
  {
    link: 'Batches of 32 make 313',
    kept: all(title('Sum of Gaussians'), addressHas('figure=centres'), end, async (p) => {
      expect(await p.value('iteration')).toBe(200 * 313);
    }),
  },
];
