import type { Locator, Page } from '@playwright/test';
import { violations } from './accessibility.ts';
import { expect, look, type Playground, test } from './playground.ts';

const chooser = (page: Page): Locator => page.locator('.choose-k');

/** Works out BIC and AIC of everything, and waits for it. */
async function choose({ page }: Playground): Promise<void> {
  await chooser(page).getByRole('button', { name: /^Run/ }).click();
  await expect(chooser(page)).toHaveAttribute('data-state', 'over', { timeout: 240_000 });
}

/** A criterion of all fits by the table: a row a K, a column a shape. */
async function numbers(page: Page): Promise<number[][]> {
  await page.locator('.k-results summary').click();
  const rows = await page.locator('.k-table tbody tr').all();
  return Promise.all(
    rows.map(async (row) =>
      (await row.locator('td').allTextContents()).map((text) => Number(text)),
    ),
  );
}

const lowest = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>(
    (best, value, index) => ((value ?? Infinity) < (values[best] ?? Infinity) ? index : best),
    0,
  ) + 1;

const point = (page: Page, components: number, type: string): Locator =>
  page.locator(`.k-chart .spot[data-components="${components}"][data-type="${type}"]`);

test.describe('choose K', () => {
  test.setTimeout(300_000);

  test('Old Faithful: two with full covariances, at the known BIC, and a point opens its fit', async ({
    playground,
    page,
  }) => {
    await playground.open();
    await choose(playground);
    await expect(page.locator('.k-picks')).toContainText('Of full, BIC picks 2.');
    const all = await numbers(page);
    const full = all.map(([value]) => value);
    expect(lowest(full)).toBe(2);
    expect(full[1]).toBeCloseTo(2322.2, 1);
    // Three that share one covariance are better still.
    expect(lowest(all.map(([, tied]) => tied))).toBe(3);
    await expect(page.locator('.k-chart [data-best="bic"]')).toHaveAttribute(
      'aria-label',
      /^3, tied: BIC 2314\.\d, the best$/,
    );

    // By the pointer: the chart answers to the nearest point.
    await point(page, 7, 'full').locator('.dot').click({ force: true });
    await playground.status('Converged');
    await expect(playground.rows).toHaveCount(7);
    await expect.poll(() => playground.value('bic')).toBeCloseTo(full[6] ?? 0, 1);
    await expect(point(page, 7, 'full')).toHaveClass(/present/);

    // By the keyboard: one stop, then arrows, then Enter.
    await point(page, 3, 'tied').focus();
    await page.keyboard.press('ArrowRight');
    await expect(point(page, 4, 'tied')).toBeFocused();
    await expect(page.locator('.k-note').first()).toContainText('4, tied: BIC');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect(playground.rows).toHaveCount(4);
    await playground.status('Converged');
    await expect.poll(() => playground.value('bic')).toBeCloseTo(full[3] ?? 0, 1);
    await expect(playground.radio('Covariance', 'Full')).toBeChecked();
    expect(new URL(page.url()).hash).toContain('nInit=10');

    // AIC counts parameters less.
    await playground.radio('Criterion', 'AIC').click();
    await expect(chooser(page)).toContainText('AIC above the best');
    await expect(page.locator('.k-chart [data-best="aic"]')).toHaveCount(1);
    expect(await violations(page)).toEqual([]);
  });

  test('three blobs: three, with full and with diagonal covariances', async ({
    playground,
    page,
  }) => {
    await playground.openLink('experiment=em-mixture&dataset=three-blobs&speed=61');
    await choose(playground);
    const all = await numbers(page);
    expect(lowest(all.map(([full]) => full))).toBe(3);
    expect(lowest(all.map(([, , diagonal]) => diagonal))).toBe(3);
    await expect(page.locator('.k-picks')).toContainText('BIC picks 3, diagonal');
    // Other data: what is shown is not theirs.
    await playground.dataset.selectOption('penguins');
    await expect(chooser(page)).toHaveAttribute('data-state', 'stale');
    await expect(chooser(page)).toContainText('have changed since');
  });

  test('goes with the visitor’s own points, leaves out what cannot be, and can be cancelled', async ({
    playground,
    page,
  }) => {
    await playground.open();
    const rows = [1, 2, 3, 4, 5, 6, 7].map((i) => `${i},${(i * i) % 5}`);
    await playground.paste(['x,y', ...rows].join('\n'));
    await expect(playground.about).toContainText('7 points');
    await choose(playground);
    await expect(chooser(page)).toContainText(
      '20 fits left out. There are fewer points than Gaussians.',
    );
    // As a screen reader presses it: without a place.
    await point(page, 1, 'full').dispatchEvent('click');
    await expect(playground.rows).toHaveCount(1);
    await playground.status('Converged');

    await playground.openLink('experiment=em-mixture&dataset=three-blobs&points=100000');
    await chooser(page).getByRole('button', { name: 'Run' }).click();
    await expect(page.locator('.choose-k progress')).toBeVisible();
    await chooser(page).getByRole('button', { name: 'Cancel' }).click();
    await expect(chooser(page)).toHaveAttribute('data-state', 'cancelled');
  });
});

test('six starts: the unlucky one is told by its number, and a press opens another', async ({
  playground,
  page,
}) => {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&seed=5&speed=61');
  await playground.status('Converged');
  const starts = page.locator('.restart');
  await expect(page.locator('.restart.best')).not.toHaveCount(0, { timeout: 60_000 });
  await expect(page.locator('.restart .value', { hasText: '…' })).toHaveCount(0, {
    timeout: 60_000,
  });
  const own = page.locator('.restart[data-seed="5"]');
  await expect(own).toContainText('−4.02');
  await expect(own).toHaveAttribute('aria-pressed', 'true');
  await expect(own).not.toHaveClass(/best/);
  expect(await starts.count()).toBe(6);
  // Each has a picture of its own.
  await expect.poll(async () => (await look(own.locator('canvas'))).colours).toBeGreaterThan(20);
  const best = page.locator('.restart.best').first();
  const seed = await best.getAttribute('data-seed');
  await best.click();
  await playground.status('Converged');
  await expect.poll(() => playground.value('objective')).toBeCloseTo(-3.535, 2);
  await expect(page.locator(`.restart[data-seed="${seed}"]`)).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  // The row of six stays: another of them is shown, no others are run.
  await expect(own).toContainText('−4.02');
});

test('colours: shares, the nearest, doubt', async ({ playground, page }) => {
  await playground.openLink(
    'experiment=em-mixture&dataset=penguins&components=3&speed=61&showDensity=false&showEllipses=false&showPaths=false',
  );
  await playground.status('Converged');
  const canvas = page.locator('.stage canvas');
  const shares = await look(canvas);
  await playground.radio('Colour points by', 'Nearest').click();
  await expect(page.locator('.point-colours')).toContainText('likeliest Gaussian');
  await expect.poll(async () => (await look(canvas)).colours).toBeLessThan(shares.colours);
  const nearest = await look(canvas);
  await playground.radio('Colour points by', 'Doubt').click();
  await expect(page.locator('.point-colours')).toContainText('The stronger a point');
  // Most points are beyond doubt, and pale.
  await expect
    .poll(async () => (await look(canvas)).lightness)
    .toBeGreaterThan(nearest.lightness + 1);
  expect(new URL(page.url()).hash).toContain('colorBy=doubt');
});

test('a Gaussian’s points stand out while its row is pointed at, or as long as it is pressed', async ({
  playground,
  page,
}) => {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&speed=61&showDensity=false');
  await playground.status('Converged');
  const canvas = page.locator('.stage canvas');
  const before = (await look(canvas)).lightness;
  await playground.rows.nth(1).hover();
  await expect.poll(async () => (await look(canvas)).lightness).toBeGreaterThan(before + 0.5);
  await page.mouse.move(5, 5);
  await expect
    .poll(async () => Math.abs((await look(canvas)).lightness - before))
    .toBeLessThan(0.2);
  const name = page.getByRole('button', { name: '2: show its points' });
  await name.press('Enter');
  await expect(name).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await look(canvas)).lightness).toBeGreaterThan(before + 0.5);
  await name.press('Enter');
  await expect
    .poll(async () => Math.abs((await look(canvas)).lightness - before))
    .toBeLessThan(0.2);
});

test('a point tells its shares: by the pointer, by the keyboard, on a line too', async ({
  playground,
  page,
}) => {
  await playground.openLink('experiment=em-mixture&dataset=galaxies&speed=61');
  await playground.status('Converged');
  const tooltip = page.locator('.point .tooltip');
  const box = await playground.canvas.boundingBox();
  if (!box) throw new Error('The canvas has no box.');
  // The points stand in a row above the axis.
  for (let x = 0.3; x < 0.7 && !(await tooltip.isVisible()); x += 0.01) {
    await page.mouse.move(box.x + x * box.width, box.y + box.height - 56);
    await page.waitForTimeout(30);
  }
  await expect(tooltip).toContainText('Point at');
  await expect(tooltip.locator('.share')).toHaveCount(3);
  const shares = (await tooltip.locator('.part').allTextContents()).map(Number);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 1);
  await page.mouse.move(5, 5);
  await expect(tooltip).toBeHidden();

  await playground.openLink('experiment=em-mixture&dataset=three-blobs&speed=61');
  await playground.status('Converged');
  await playground.canvas.focus();
  for (let i = 0; i < 40 && !(await tooltip.isVisible()); i += 1) {
    await page.keyboard.press('Shift+ArrowRight');
    await page.waitForTimeout(30);
  }
  await expect(tooltip).toContainText('Point at');
  await page.keyboard.press('Escape');
  await expect(tooltip).toBeHidden();
});

test('without logarithms far points are lost, and a button takes logarithms', async ({
  playground,
  page,
}) => {
  await playground.openLink(
    'experiment=em-mixture&dataset=three-blobs&initialVariance=0.1&logs=false&speed=61',
  );
  await playground.status('Failed');
  await expect(playground.troubles).toHaveCount(1);
  await expect(playground.troubles).toContainText(
    /^469 points, one of them at .*, have all densities 0 in single precision/,
  );
  await expect(page.locator('.backend-note')).toContainText('Without logarithms');
  await playground.button('Take logarithms and start anew').click();
  await playground.status('Converged');
  await expect.poll(() => playground.value('objective')).toBeCloseTo(-3.535, 2);
  await expect(playground.troubles).toHaveCount(0);
});

test('the two beats say which is next', async ({ playground, page }) => {
  await playground.openLink('experiment=em-mixture&dataset=three-blobs');
  await playground.button('Pause').click();
  await page.getByRole('button', { name: 'M moves' }).click();
  await expect(page.locator('.timeline-note')).toHaveText('M done, E is next');
  await page.getByRole('button', { name: 'E recolours' }).click();
  await expect(page.locator('.timeline-note')).toHaveText('E done, M is next');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('everything has room, and nothing is wrong with it', async ({ playground, page }) => {
    await playground.openLink('experiment=em-mixture&speed=61');
    await playground.status('Converged');
    await page.getByRole('button', { name: /^Components/ }).click();
    await choose(playground);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      390,
    );
    expect(await violations(page)).toEqual([]);
  });
});
