import { expect, look, test } from './playground.ts';

/** The experiments, and whether each has a table of components. */
const pages = [
  { name: 'sum-of-gaussians', title: 'Sum of Gaussians', rows: true },
  { name: 'two-cities', title: 'Two cities', rows: true },
  { name: 'compositions', title: 'Compositions', rows: true },
  { name: 'bump', title: 'Bump layer', rows: false },
  { name: 'bump-sweep', title: 'Bump sweep', rows: false, under: 'Bump layer' },
  { name: 'em-mixture', title: 'EM mixture', rows: true },
  { name: 'sparse-mixture', title: 'Sparse mixture', rows: true },
  { name: 'bayesian-mixture', title: 'Bayesian mixture', rows: true },
];

for (const { name, title, rows, under } of pages) {
  test(`${name} plays on its page and can be steered`, async ({ playground }) => {
    await playground.openExperiment(name);
    const { page } = playground;
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    const tab = page.getByRole('navigation').getByRole('link', { name: under ?? title });
    await expect(tab).toHaveAttribute('aria-current', under ? 'true' : 'page');
    // It plays by itself, and something is on the canvas.
    await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
    const canvas = page.locator('canvas[role="img"]');
    await expect.poll(async () => (await look(canvas)).colours).toBeGreaterThan(20);
    await expect(playground.output('objective')).not.toHaveText('');
    expect((await playground.rows.count()) > 0).toBe(rows);
    // The loss curve has been drawn.
    await expect(page.locator('.timeline canvas')).toBeVisible();
    // Back to the start, one step, on again.
    await playground.button('Reset').click();
    await expect.poll(() => playground.value('iteration')).toBe(0);
    await playground.step();
    await expect.poll(() => playground.value('iteration')).toBe(1);
    await playground.button('Play').click();
    await expect.poll(() => playground.value('iteration')).toBeGreaterThan(1);
  });
}

test('the tabs lead from one experiment to the next', async ({ playground }) => {
  await playground.open();
  await playground.page.getByRole('link', { name: 'Sparse mixture' }).click();
  await expect(playground.page.getByRole('heading', { level: 1 })).toHaveText('Sparse mixture');
  await expect(playground.output('backend')).toHaveText('CPU');
  await playground.page.getByRole('link', { name: 'EM mixture' }).click();
  await expect(playground.page.getByRole('heading', { level: 1 })).toHaveText('EM mixture');
});

test('residual peaks find all four Gaussians and stop', async ({ playground }) => {
  await playground.openExperiment('sum-of-gaussians');
  await playground.link(/^Residual peaks/).click();
  // The speed that comes with it is in force before another is asked for.
  await expect(playground.typed('Speed')).toHaveValue('5 a second');
  await playground.fastest();
  await expect(playground.output('status')).toHaveText('Converged', { timeout: 20_000 });
  await expect(playground.rows).toHaveCount(4);
  expect(await playground.value('objective')).toBeLessThan(1e-6);
});

test('the forms of the bump fare as their labels say', async ({ playground }) => {
  await playground.openExperiment('bump');
  await playground.fastest();
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 20_000 });
  expect(await playground.value('sigma-double-where')).toBeCloseTo(0.5, 3);
  expect(await playground.value('sigma-safe')).toBeCloseTo(0.5, 3);
  expect(await playground.value('sigma-asked')).not.toBeCloseTo(0.5, 1);
});

test('sparsity acts on the running fit', async ({ playground }) => {
  await playground.openExperiment('sparse-mixture');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(3);
  const before = await playground.value('iteration');
  await playground.type('Sparsity', '200');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(before);
  await playground.fastest();
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 30_000 });
  expect(await playground.rows.count()).toBeLessThan(4);
});

test('a fit that diverges stops at its last finite iteration and says so', async ({
  playground,
}) => {
  await playground.openExperiment('bayesian-mixture');
  await playground.link(/turns negative/).click();
  await expect(playground.output('status')).toHaveText('Failed', { timeout: 30_000 });
  await expect(playground.troubles.first()).toHaveText(/learning rate/);
  expect(Number.isFinite(await playground.value('objective'))).toBe(true);
});

test('own data with targets become a sum of Gaussians', async ({ playground }) => {
  await playground.openExperiment('sum-of-gaussians');
  const lines = Array.from({ length: 60 }, (_, i) => {
    const x = (i - 30) / 5;
    return `${x},${(2 * Math.exp(-0.5 * (x - 1) ** 2)).toFixed(6)}`;
  });
  await playground.paste(`place,height\n${lines.join('\n')}`);
  await expect(playground.page.locator('.about')).toContainText('54 points');
  await expect.poll(() => playground.value('iteration')).toBeGreaterThan(10);
});

test('an experiment that draws its own data says so instead of taking a file', async ({
  playground,
}) => {
  await playground.openExperiment('bump');
  await expect(playground.page.getByText('Open a CSV')).toBeHidden();
});

test('on a phone the experiments are a choice', async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await playground.open();
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('Bump layer');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bump layer');
  await expect(playground.output('backend')).toHaveText('CPU');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
