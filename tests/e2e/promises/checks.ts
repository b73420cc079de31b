import { expect, type Playground } from '../playground.ts';

// What the expectations of the articles' links are made of.

export interface Kept {
  /** What the link's words begin with: enough to tell it from the others of its experiment. */
  link: string;
  kept(playground: Playground): Promise<void>;
}

export const ended = /^(Stopped|Converged|Failed)$/;

/** Lets what a link has begun run to its end. */
export async function end(playground: Playground): Promise<void> {
  await playground.fastest();
  await expect(playground.output('status')).toHaveText(ended, { timeout: 300_000 });
}

/** What has become of the true Gaussians, in their order. */
export async function statuses(playground: Playground): Promise<string[]> {
  const rows = playground.page.locator('.recovered tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) => (row instanceof HTMLElement ? (row.dataset.status ?? '') : '')),
  );
}

/** At the end so many of the true Gaussians are found, split and missed. */
export function recovers(
  found: number,
  split: number,
  missed: number,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await end(playground);
    await expect
      .poll(async () => (await statuses(playground)).sort())
      .toEqual([
        ...Array<string>(found).fill('found'),
        ...Array<string>(missed).fill('missed'),
        ...Array<string>(split).fill('split'),
      ]);
    await expect(playground.output('recovered')).toBeVisible();
    await expect(playground.output('recovered')).toHaveText(
      `${found} of ${found + split + missed}`,
    );
  };
}

/** At the end these numbers of the page are within so much of these values. */
export function comesTo(
  values: Record<string, number>,
  within = 0.005,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await end(playground);
    for (const [name, value] of Object.entries(values)) {
      await expect
        .poll(async () => Math.abs((await playground.value(name)) - value), { message: name })
        .toBeLessThan(within);
    }
  };
}

/** What went wrong with a form of the bump, as its σ says when pointed at. */
export async function note(playground: Playground, form: string): Promise<string> {
  const row = playground.page.locator('.sums > div').filter({ has: playground.output(form) });
  return (await row.getAttribute('title')) ?? '';
}

/** Several things in turn. */
export function all(
  ...checks: ((playground: Playground) => Promise<void>)[]
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    for (const check of checks) await check(playground);
  };
}

export const addressHas =
  (text: string) =>
  async ({ page }: Playground): Promise<void> => {
    await expect.poll(() => new URL(page.url()).hash).toContain(text);
  };

export const title =
  (text: string) =>
  async ({ page }: Playground): Promise<void> => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(text);
  };

/** The amplitudes of the components that are not switched off, rising. */
export async function amplitudes(playground: Playground): Promise<number[]> {
  const cells = await playground.rows.locator('td:nth-of-type(1)').allTextContents();
  return cells.map((text) => Number(text.replace('−', '-'))).sort((a, b) => a - b);
}

export const haveAmplitudes =
  (...wanted: number[]) =>
  async (playground: Playground): Promise<void> => {
    await expect
      .poll(async () => {
        const found = await amplitudes(playground);
        const near = (value: number, index: number): boolean =>
          Math.abs(value - (found[index] ?? 0)) < 0.025;
        return found.length === wanted.length && wanted.every(near);
      })
      .toBe(true);
  };

export const errorBelow =
  (most: number) =>
  async (playground: Playground): Promise<void> => {
    await expect.poll(() => playground.value('objective')).toBeLessThan(most);
  };

export const errorAbove =
  (least: number) =>
  async (playground: Playground): Promise<void> => {
    await expect.poll(() => playground.value('objective')).toBeGreaterThan(least);
  };

/** A sentence is said over the canvas or under the header. */
export const says =
  (words: RegExp) =>
  async ({ page }: Playground): Promise<void> => {
    await expect(page.locator('.troubles li:visible, .notice:visible').first()).toHaveText(words, {
      timeout: 60_000,
    });
  };

export const status =
  (word: string) =>
  async (playground: Playground): Promise<void> =>
    playground.status(word);

/** How many each way of a line-up has recovered, once all have come to an end or those waited for have. */
export async function scores({ page }: Playground): Promise<Record<string, number>> {
  const rows = await page.locator('.side-by-side tbody tr').evaluateAll((found) =>
    found.map((row) => {
      const cell = row.querySelector<HTMLElement>('td[data-name="recovered"]');
      return [row.querySelector('th')?.firstChild?.textContent ?? '', cell?.dataset.value ?? ''];
    }),
  );
  return Object.fromEntries(rows.map(([label, value]) => [label, Number(value)]));
}

export function lineUp(
  panels: number,
  check: (found: Record<string, number>) => void,
): (playground: Playground) => Promise<void> {
  return async (playground) => {
    await expect(playground.page.locator('.side-by-side .panel')).toHaveCount(panels);
    await expect(playground.button('Play all again')).toBeVisible({ timeout: 360_000 });
    check(await scores(playground));
  };
}
