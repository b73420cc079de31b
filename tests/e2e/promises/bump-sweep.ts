import { expect } from '../playground.ts';
import { all, end, errorAbove, errorBelow, type Kept, note, title } from './checks.ts';

export const bumpSweep: Kept[] = [
  { link: 'As the source has it', kept: all(end, errorBelow(0.01)) },
  {
    link: 'Three epochs for all: large σ fall short',
    kept: all(end, errorAbove(5), async (p) => {
      expect(await p.value('learned')).toBeLessThan(5);
    }),
  },
  { link: 'Least squares: all 99', kept: all(end, errorBelow(0.001)) },
  { link: 'the bump layer', kept: title('Bump layer') },
  {
    link: 'three epochs for all: 31 of 99',
    kept: all(end, async ({ page }) => {
      await expect(page.locator('.timeline')).toContainText('31 of 99 are within 0.01');
    }),
  },
  { link: 'Levenberg–Marquardt: the worst', kept: all(end, errorBelow(0.001)) },
  {
    link: 'beyond it the layer overflows',
    kept: all(title('Bump layer'), end, async (p) => {
      expect(await p.value('sigma-double-where')).toBeLessThan(1.05);
      expect(await note(p, 'sigma-double-where')).not.toBe('');
    }),
  },
];
