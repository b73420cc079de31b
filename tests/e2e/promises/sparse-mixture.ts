import { expect } from '../playground.ts';
import { all, comesTo, end, type Kept, says, status } from './checks.ts';

export const sparseMixture: Kept[] = [
  { link: 'Sparsity 0: ten', kept: comesTo({ on: 10, objective: -2.026, price: 0 }) },
  { link: 'Sparsity 200: one', kept: comesTo({ on: 1, objective: 6.084 }) },
  {
    link: 'Lose the line',
    kept: all(
      end,
      status('Failed'),
      says(/After iteration 4\d\d, .* of component \d+ was no longer a finite number.*sum of all/),
      async (p) => expect(await p.value('objective')).toBeGreaterThan(100),
    ),
  },
  { link: 'At 5 six', kept: comesTo({ on: 6, objective: -1.524 }) },
  { link: 'at 60 two', kept: comesTo({ on: 2, objective: 1.445 }) },
  { link: 'Three blobs', kept: comesTo({ on: 3 }) },
  { link: 'Five times the rate', kept: comesTo({ on: 1, objective: 0.056 }) },
  { link: 'A tenth of the rate', kept: comesTo({ on: 4, objective: 0.023 }) },
  {
    link: 'plain descent at a rate of 1',
    kept: all(
      end,
      status('Failed'),
      says(/After iteration 70, the gradient by the factor of component 10 was no longer/),
    ),
  },
  { link: 'Seed 13', kept: comesTo({ on: 4, objective: -0.404 }) },
  { link: 'seed 46', kept: comesTo({ on: 3, objective: -0.368 }) },
  { link: 'Five from the start', kept: comesTo({ on: 1 }) },
  {
    link: 'With its constant',
    kept: comesTo({ objective: -1.521, likelihoodPart: -2.975, price: 1.454, on: 5 }),
  },
];
