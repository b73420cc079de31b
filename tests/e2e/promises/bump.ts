import { expect } from '../playground.ts';
import {
  addressHas,
  all,
  comesTo,
  end,
  errorAbove,
  errorBelow,
  type Kept,
  note,
  says,
  status,
  title,
} from './checks.ts';

export const bump: Kept[] = [
  {
    link: 'The answer’s example',
    kept: comesTo({ 'sigma-single-where': 0.5, 'sigma-double-where': 0.5, 'sigma-safe': 0.5 }),
  },
  {
    link: 'Points up to ±1: a branch',
    kept: all(comesTo({ 'sigma-double-where': 0.5 }), async (p) => {
      expect(await p.value('sigma-single-where')).toBeLessThan(0.1);
      expect(await note(p, 'sigma-single-where')).not.toBe('');
    }),
  },
  { link: 'Least squares up to ±4', kept: comesTo({ 'sigma-safe': 2 }) },
  {
    link: 'learned σ against true σ',
    kept: all(title('Bump sweep'), async (p) => {
      await expect.poll(() => p.value('fitted')).toBeGreaterThan(1);
    }),
  },
  { link: 'σ = 2: between', kept: addressHas('lookAt=2') },
  {
    link: 'Its σ stands where it began',
    kept: async (playground) => {
      const before = await playground.value('sigma-asked');
      await end(playground);
      expect(await playground.value('sigma-asked')).toBe(before);
    },
  },
  {
    link: 'inputs up to ±1: σ stops',
    kept: all(end, async (p) => {
      expect(await p.value('sigma-single-where')).toBeLessThan(0.1);
      expect(await note(p, 'sigma-single-where')).not.toBe('');
    }),
  },
  { link: 'the same inputs: σ = 0.5', kept: comesTo({ 'sigma-double-where': 0.5 }) },
  { link: 'One bump for both', kept: comesTo({ 'sigma-double-where': 0.66 }) },
  { link: 'one for each', kept: comesTo({ 'sigma-double-where': 1 }) },
  {
    link: 'σ = 1.5, inputs up to ±2',
    kept: all(comesTo({ 'sigma-safe': 1.5 }), async (p) => {
      const stuck = await p.value('sigma-double-where');
      expect(stuck).toBeGreaterThan(1);
      expect(stuck).toBeLessThan(1.05);
      expect(await note(p, 'sigma-double-where')).not.toBe('');
    }),
  },
  {
    link: 'The safe form learns 1.5',
    kept: all(comesTo({ 'sigma-safe': 1.5, 'sigma-squared': Math.sqrt(1.5) }), errorBelow(1e-6)),
  },
  { link: 'With tanh', kept: comesTo({ 'sigma-double-where': 1.5 }) },
  {
    link: 'σ = 8 in 3 epochs',
    kept: all(end, async (p) => {
      const reached = await p.value('sigma-double-where');
      expect(reached).toBeGreaterThan(4);
      expect(reached).toBeLessThan(5);
    }),
  },
  { link: 'in 10 epochs it arrives', kept: comesTo({ 'sigma-double-where': 8 }) },
  {
    link: '3 epochs for all 99',
    kept: all(title('Bump sweep'), end, errorAbove(5), async (p) => {
      expect(await p.value('learned')).toBeLessThan(5);
    }),
  },
  {
    link: 'Unfiltered',
    kept: all(end, status('Failed'), says(/no form of the bump learns/i)),
  },
  {
    link: 'Within ±1 there is nothing',
    kept: comesTo({ 'sigma-double-where': 1.5, 'sigma-safe': 1.5 }),
  },
];
