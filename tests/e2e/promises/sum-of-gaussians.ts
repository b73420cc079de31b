import { expect } from '../playground.ts';
import {
  addressHas,
  all,
  end,
  type Kept,
  lineUp,
  recovers,
  says,
  status,
  statuses,
} from './checks.ts';

export const sumOfGaussians: Kept[] = [
  {
    link: 'Five ways, side by side',
    kept: lineUp(5, (found) => {
      const { 'Residual peaks': peaks, ...others } = found;
      expect(peaks).toBe(4);
      expect(Math.max(...Object.values(others))).toBeLessThan(4);
    }),
  },
  { link: 'Residual peaks: all four', kept: recovers(4, 0, 0) },
  { link: 'Start with 16 and prune', kept: recovers(4, 0, 0) },
  { link: 'the difference from the truth', kept: addressHas('figure=difference') },
  { link: 'the way of every centre', kept: addressHas('figure=centres') },
  { link: 'Eight Gaussians, both penalties', kept: recovers(3, 0, 1) },
  {
    link: 'Made wider by hand',
    kept: all(recovers(3, 0, 1), async (p) => {
      expect(await statuses(p)).toEqual(['found', 'found', 'missed', 'found']);
    }),
  },
  { link: 'Six without penalties', kept: recovers(2, 2, 0) },
  {
    link: 'From Keras’s random values',
    kept: all(status('Failed'), says(/not positive definite from the start/), async (p) =>
      expect(await p.value('iteration')).toBe(0),
    ),
  },
  {
    link: 'From the identity, at a rate of 0.01',
    kept: all(end, status('Failed'), says(/not positive definite/), async (p) => {
      const steps = await p.value('iteration');
      expect(steps).toBeGreaterThan(50);
      expect(steps).toBeLessThan(200);
    }),
  },
  { link: 'the same rate goes on', kept: all(end, status('Stopped')) },
  { link: 'Within ±20, without the spread', kept: recovers(0, 0, 4) },
  { link: 'all four, from the middle', kept: recovers(4, 0, 0) },
  { link: 'centres all over the box', kept: recovers(2, 0, 2) },
  {
    link: 'Glorot and box, side by side',
    kept: lineUp(2, (found) => {
      expect(found['By Glorot']).toBe(found['In the box']);
    }),
  },
  { link: '24 with L1 = 0.01', kept: recovers(1, 1, 2) },
  {
    link: 'strong L1 and pruning',
    kept: lineUp(2, (found) => {
      expect(found['24, then pruned']).toBeGreaterThan(found['24 with a strong L1'] ?? 9);
    }),
  },
  { link: 'The authors’ script', kept: recovers(1, 0, 3) },
  {
    link: 'both batches, side by side',
    kept: lineUp(2, (found) => {
      expect(found).toEqual({ 'Batches of 2,048': 1, 'Batches of 32': 3 });
    }),
  },
  { link: 'six by Levenberg–Marquardt', kept: recovers(4, 0, 0) },
];
