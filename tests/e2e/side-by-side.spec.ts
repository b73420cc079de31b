import { violations } from './accessibility.ts';
import { expect, type Playground, test } from './playground.ts';

// One problem, fitted in several ways at once.

/** Small enough to be over in a second or two. */
const problem = 'experiment=sum-of-gaussians&points=500&epochs=40&dataSeed=3&seed=2';
const side = '.side-by-side';

interface Row {
  label: string;
  words: string[];
  values: Record<string, string>;
}

async function rows({ page }: Playground): Promise<Row[]> {
  return page.locator(`${side} tbody tr`).evaluateAll((all) =>
    all.map((row) => ({
      label: row.querySelector('th')?.firstChild?.textContent ?? '',
      words: [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? ''),
      values: Object.fromEntries(
        [...row.querySelectorAll('td')].map(({ dataset }) => [
          dataset.name ?? '',
          dataset.value ?? '',
        ]),
      ),
    })),
  );
}

/** Resolves once all have come to an end, with what the table says of them. */
async function over(playground: Playground): Promise<Row[]> {
  await expect(playground.button('Play all again')).toBeVisible({ timeout: 45_000 });
  return rows(playground);
}

test('one click runs the problem five ways, and the table tells what came of each', async ({
  playground,
  page,
}) => {
  await playground.openLink(problem);
  await playground.status('Stopped');
  const trues = page.locator(`${side} td[data-name="recovered"]`);
  await playground.button('Five ways, side by side').click();
  await expect(page.locator(`${side} .panel`)).toHaveCount(5);
  await expect(playground.canvas).toBeHidden();
  await expect.poll(() => page.workers().length).toBe(6);
  const all = await over(playground);
  expect(all.map(({ label }) => label)).toEqual([
    'The source’s method',
    'With its regularizers',
    'Many, then pruned',
    'k-means start',
    'Residual peaks',
  ]);
  await expect(trues).toHaveText(Array.from({ length: 5 }, () => /^[0-4] of 4$/));
  // 40 epochs of 16 batches, but for the one that adds Gaussians until nothing is left.
  expect(all.slice(0, 4).map(({ values }) => values.iteration)).toEqual(Array(4).fill('640'));
  expect(all[4]?.values).toMatchObject({ recovered: '4', status: 'converged' });
  expect(Number(all[4]?.values.test)).toBeLessThan(1e-6);
  for (const { values } of all) expect(Number(values.time)).toBeGreaterThan(0);
  await expect(page.locator(`${side} .verdict`)).toHaveText(
    /^Best: Residual peaks\. It has recovered 4 of 4, test MSE .+, after \d+ iterations in [\d.]+ s\.$/,
  );
  await expect(page.locator(`${side} tr.best`)).toHaveText(/^Residual peaksbest/);
  // Each panel says what its row says.
  for (const [index, { values }] of all.entries()) {
    const panel = page.locator(`${side} .panel`).nth(index);
    await expect(panel.locator('.panel-status')).toContainText(
      `iteration ${Number(values.iteration).toLocaleString('en-US')}`,
    );
    await expect(panel.locator('canvas')).toHaveAttribute(
      'aria-label',
      new RegExp(`500 points.*Iteration ${values.iteration},`),
    );
  }
});

test('a fit opened by itself comes to the numbers of the table', async ({ playground, page }) => {
  for (const name of ['With its regularizers', 'Many, then pruned']) {
    await playground.openLink(`${problem}&compare=five-ways`);
    const row = (await over(playground)).find(({ label }) => label === name);
    await playground.button(`Open this one: ${name}`).click();
    await expect(page.locator(side)).toHaveCount(0);
    await expect(playground.canvas).toBeFocused();
    await playground.status('Stopped');
    await expect.poll(() => playground.value('iteration')).toBe(Number(row?.values.iteration));
    await expect.poll(() => playground.value('test')).toBe(Number(row?.values.test));
    await expect.poll(() => page.workers().length).toBe(1);
    await page.goto('about:blank');
  }
});

test('other settings of the data act on all of them', async ({ playground, page }) => {
  await playground.openLink(`${problem}&compare=batch`);
  const before = await over(playground);
  const seed = page.getByRole('textbox', { name: 'Data seed' });
  await seed.fill('4');
  await seed.press('Enter');
  await expect
    .poll(async () => (await rows(playground)).map(({ values }) => values.test))
    .not.toEqual(before.map(({ values }) => values.test));
  const after = await over(playground);
  await playground.button('Open this one: Batches of 2,048').click();
  await playground.status('Stopped');
  await expect(page.getByRole('textbox', { name: 'Data seed' })).toHaveValue('4');
  await expect.poll(() => playground.value('test')).toBe(Number(after[0]?.values.test));
});

test('true Gaussians that were moved by hand are moved in all of them', async ({ playground }) => {
  // Four narrow ones far apart, and centres that start at random: found by the one that looks for peaks.
  const truth = [-6, -2, 2, 6].map((x) => `2:${x},${-x}:0.5,0,0.5`).join(';');
  await playground.openLink(
    `${problem.replace('points=500', 'points=2000')}&truth=${truth}&compare=five-ways`,
  );
  const row = (await over(playground)).at(-1);
  expect(row).toMatchObject({ label: 'Residual peaks', values: { recovered: '4' } });
  await playground.openLink(`${problem.replace('points=500', 'points=2000')}&compare=five-ways`);
  await expect
    .poll(async () => (await over(playground)).at(-1)?.values.test)
    .not.toBe(row?.values.test);
  // A fit of those where they are comes to the same.
  await playground.page.goto('about:blank');
  await playground.openLink(
    `${problem.replace('points=500', 'points=2000')}&truth=${truth}&optimizer=residual-peaks&components=8&amplitudeL1=0&spread=0`,
  );
  await playground.fastest();
  await playground.status('Converged');
  expect(await playground.value('test')).toBe(Number(row?.values.test));
});

test('a link shows a line-up, and the way back leads to one', async ({ playground, page }) => {
  // To leave a page ends what it was loading.
  playground.allowed.push(/^failed: .*worker/);
  await playground.openLink(problem);
  await playground.status('Stopped');
  await playground.button('Many with a strong L1, or pruned').click();
  await expect.poll(() => new URL(page.url()).hash).toContain('compare=many-or-pruned');
  await expect(page.locator(`${side} .panel h2`)).toHaveText([
    '24 with a strong L1',
    '24, then pruned',
  ]);
  await playground.button('Back to one').click();
  await expect(playground.canvas).toBeVisible();
  await expect.poll(() => new URL(page.url()).hash).not.toContain('compare');
  await page.goBack();
  await expect(page.locator(`${side} .panel`)).toHaveCount(2);
  await page.reload();
  await expect(page.locator(`${side} .panel`)).toHaveCount(2);
  await page.locator(`${side} .play`).focus();
  await page.keyboard.press('Escape');
  await expect(page.locator(side)).toHaveCount(0);
  await playground.openLink(`${problem}&compare=nonsense`);
  await expect(playground.notice).toHaveText(/nothing called “nonsense”/);
});

test('one button plays and pauses all', async ({ playground, page }) => {
  // Too long to be over before it is paused.
  await playground.openLink('experiment=sum-of-gaussians&compare=glorot-or-box');
  const iterations = async (): Promise<number[]> =>
    (await rows(playground)).map(({ values }) => Number(values.iteration));
  await expect.poll(async () => Math.min(...(await iterations()))).toBeGreaterThan(0);
  await playground.button('Pause all').click();
  await expect(page.locator(`${side} td[data-name="status"]`)).toHaveText(['Paused', 'Paused']);
  await page.waitForTimeout(300);
  const paused = await rows(playground);
  await page.waitForTimeout(700);
  expect(await rows(playground)).toEqual(paused);
  await playground.button('Play all').click();
  await expect
    .poll(async () => Math.min(...(await iterations())))
    .toBeGreaterThan(Math.max(...paused.map(({ values }) => Number(values.iteration))));
});

test('on a phone the panels stack and the table scrolls in itself', async ({
  playground,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await playground.openLink(`${problem}&compare=five-ways`);
  // Those further down run, too.
  await over(playground);
  const places = await page
    .locator(`${side} .panel`)
    .evaluateAll((panels) => panels.map((panel) => panel.getBoundingClientRect().left));
  expect(new Set(places).size).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing side by side, ${colorScheme}, ${width} px`, async ({
      playground,
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await playground.openLink(`${problem}&compare=five-ways`);
      await over(playground);
      expect(await violations(page)).toEqual([]);
    });
  }
}
