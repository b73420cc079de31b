import { all, errorAbove, errorBelow, haveAmplitudes, type Kept, recovers } from './checks.ts';

export const compositions: Kept[] = [
  {
    link: 'Same centre',
    kept: all(recovers(0, 1, 0), haveAmplitudes(0.35, 0.65), errorBelow(1e-6)),
  },
  { link: 'Two centres', kept: all(recovers(0, 1, 0), errorBelow(1e-5)) },
  { link: 'A little spread', kept: all(recovers(1, 0, 0), haveAmplitudes(1)) },
  {
    link: 'L1 on one centre',
    kept: all(recovers(0, 1, 0), haveAmplitudes(0.31, 0.61)),
  },
  { link: 'L1 on two centres', kept: recovers(0, 1, 0) },
  { link: 'spread 0.01 on one centre', kept: all(recovers(1, 0, 0), haveAmplitudes(1)) },
  { link: 'spread 1, the source’s', kept: all(recovers(0, 0, 1), errorAbove(0.08)) },
];
