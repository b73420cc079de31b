import { all, errorBelow, type Kept, recovers } from './checks.ts';

export const twoCities: Kept[] = [
  { link: 'Reveal the truth', kept: recovers(2, 0, 0) },
  { link: 'Least squares: both', kept: all(recovers(2, 0, 0), errorBelow(1e-12)) },
  { link: 'An unlucky start', kept: recovers(1, 0, 1) },
  { link: 'Without them both are exact', kept: all(recovers(2, 0, 0), errorBelow(1e-6)) },
  { link: 'Five stores', kept: all(recovers(1, 0, 1), errorBelow(1e-12)) },
  { link: 'the unlucky start again', kept: recovers(1, 0, 1) },
];
