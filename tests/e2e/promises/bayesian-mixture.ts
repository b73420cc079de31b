import { expect, type Playground } from '../playground.ts';
import { addressHas, all, end, haveAmplitudes, type Kept, says, status } from './checks.ts';

/** At the end a number of the page lies between these. */
const between =
  (name: string, least: number, most: number) =>
  async (playground: Playground): Promise<void> => {
    await end(playground);
    await expect.poll(() => playground.value(name), { message: name }).toBeLessThan(most);
    expect(await playground.value(name), name).toBeGreaterThan(least);
  };

/** The first coordinates of the components' means, in their order. */
async function firstMeans(playground: Playground): Promise<number[]> {
  const cells = await playground.rows.locator('td:nth-of-type(2)').allTextContents();
  return cells.map((text) => Number(text.replaceAll('−', '-').split(',')[0]));
}

/** How much the two that overlap most do, 0 to 1. */
async function shared({ page }: Playground): Promise<number> {
  return Number(await page.locator('.section[data-shared]').getAttribute('data-shared'));
}

export const bayesianMixture: Kept[] = [
  {
    link: 'Sampled and coordinate ascent',
    kept: async (playground) => {
      const { page } = playground;
      await expect(playground.button('Play all again')).toBeVisible({ timeout: 360_000 });
      const scores = await page
        .locator('.side-by-side td[data-name="score"]')
        .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.value)));
      const [sampled = 0, solved = 9] = scores;
      expect(sampled - solved).toBeGreaterThan(0.1);
      expect(sampled - solved).toBeLessThan(0.3);
      await expect(page.locator('.verdict')).toContainText(
        `${(sampled - solved).toFixed(3)} a point above`,
      );
    },
  },
  {
    link: 'Coordinate ascent: the optimum',
    kept: all(end, status('Converged'), between('score', 3.8, 4), between('iteration', 3, 60)),
  },
  {
    link: 'Four for three clusters',
    kept: all(end, async (p) => {
      await expect.poll(() => shared(p)).toBeGreaterThan(0.95);
      expect(await p.rows.count()).toBe(4);
    }),
  },
  { link: 'Each mean, magnified', kept: addressHas('figure=means') },
  { link: 'each σ, which starts', kept: addressHas('figure=deviations') },
  { link: 'the negative ELBO with its four', kept: addressHas('figure=bound') },
  { link: 'A rate of 0.05', kept: all(between('score', 4, 4.1), status('Stopped')) },
  {
    link: 'solved for, each σ',
    kept: all(addressHas('figure=deviations'), between('score', 3.8, 4)),
  },
  {
    link: 'As the source has it, too fast',
    kept: all(end, status('Failed'), says(/learning rate/)),
  },
  {
    link: 'softplus, the same rate',
    kept: all(between('score', 3.95, 4.06), status('Stopped')),
  },
  {
    link: 'number 1 is the one furthest left',
    kept: all(end, async (p) => {
      const found = await firstMeans(p);
      expect(found).toEqual([...found].sort((a, b) => a - b));
    }),
  },
  {
    link: 'each is kept at its own prior mean',
    kept: all(end, async (p) => {
      const [one = 9, two = 9, three = 9] = await firstMeans(p);
      expect(Math.max(one, three)).toBeLessThan(-1.8);
      expect(two).toBeGreaterThan(1.8);
    }),
  },
  {
    link: 'From another start the fourth',
    kept: all(end, haveAmplitudes(0, 0.33, 0.33, 0.33), between('score', 3.9, 3.95)),
  },
  {
    link: 'Batches of 50',
    kept: all(between('score', 4.28, 4.4), between('iteration', 5999, 6001)),
  },
];
