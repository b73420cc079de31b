import { expect, type Playground } from '../playground.ts';
import { all, amplitudes, comesTo, end, type Kept, status } from './checks.ts';

/** The weights of a mixture at its end, rising. */
const haveWeights =
  (...wanted: number[]) =>
  async (playground: Playground): Promise<void> => {
    await end(playground);
    await expect
      .poll(async () => (await amplitudes(playground)).map((weight) => weight.toFixed(2)))
      .toEqual(wanted.map((weight) => weight.toFixed(2)));
  };

export const emMixture: Kept[] = [
  { link: 'Start all three in one cloud', kept: haveWeights(0.08, 0.17, 0.75) },
  {
    link: 'Forget the mixing weights',
    kept: all(haveWeights(0.25, 0.25, 0.5), comesTo({ iteration: 19, cost: -21.182 }, 0.01)),
  },
  { link: 'Forget them where one group is large', kept: haveWeights(0.3, 0.34, 0.35) },
  {
    link: 'Coloured by doubt',
    kept: all(haveWeights(0.2, 0.38, 0.42), async ({ page }) => {
      await expect(page.locator('.point-colours')).toContainText('The stronger a point');
    }),
  },
  { link: 'the galaxies, two small groups', kept: haveWeights(0.04, 0.09, 0.88) },
  {
    link: 'Sixteen on Old Faithful',
    kept: all(comesTo({ objective: -3.86 }), comesTo({ bic: 2633 }, 0.5)),
  },
  { link: 'Two starting points in the upper blob', kept: haveWeights(0.09, 0.16, 0.75) },
  { link: 'the same seed with k-means++', kept: haveWeights(0.25, 0.25, 0.5) },
  {
    link: 'sixteen for 82 galaxies',
    kept: all(end, async (p) => {
      await expect(p.troubles).toContainText('has collapsed onto a single spot');
    }),
  },
  { link: 'Among the galaxies it does', kept: haveWeights(0.3, 0.34, 0.35) },
  { link: 'with their weights one Gaussian', kept: haveWeights(0.04, 0.09, 0.88) },
  {
    link: '469 points are lost',
    kept: all(status('Failed'), async (p) => {
      expect(await p.value('iteration')).toBe(0);
      await expect(p.troubles).toContainText(/^469 points.* single precision/);
    }),
  },
  {
    link: 'Double precision reaches further',
    kept: all(haveWeights(0.25, 0.25, 0.5), comesTo({ objective: -3.535 })),
  },
  {
    link: 'the same start with logarithms',
    kept: all(haveWeights(0.25, 0.25, 0.5), comesTo({ objective: -3.535 })),
  },
];
