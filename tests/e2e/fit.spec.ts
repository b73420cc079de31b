import { expect, look, test } from './playground.ts';

test.describe('Old Faithful', () => {
  test('is already playing and ends at the known likelihood', async ({ playground }) => {
    await playground.open();
    await playground.status('Running');
    await expect(playground.dataset).toHaveValue('old-faithful');
    await expect(playground.rows).toHaveCount(2);
    await playground.fastest();
    await playground.status('Converged');
    await expect(playground.output('total')).toHaveText('−1130.26');
    expect(await playground.value('total')).toBeCloseTo(-1130.264, 2);
    expect(await playground.value('objective')).toBeCloseTo(-1130.264 / 272, 4);
    await expect(playground.output('objective')).toHaveText('−4.155');
    expect(await playground.value('bic')).toBeCloseTo(2322.2, 0);
    await expect(playground.output('backend')).toHaveAttribute('data-value', 'cpu');
    await expect(playground.output('backend')).toHaveAttribute('title', /\w+/);
    // Both components, whichever comes first.
    const weights = await playground.rows.locator('td:nth-of-type(1)').allTextContents();
    expect(weights.sort()).toEqual(['0.36', '0.64']);
  });

  test('plays about four iterations a second', async ({ playground }) => {
    await playground.open();
    await playground.moves();
    const before = await playground.value('iteration');
    const start = performance.now();
    await expect.poll(() => playground.value('iteration')).toBeGreaterThanOrEqual(before + 6);
    const rate =
      ((await playground.value('iteration')) - before) / ((performance.now() - start) / 1000);
    expect(rate).toBeGreaterThan(2.5);
    expect(rate).toBeLessThan(6.5);
  });

  test('is drawn', async ({ playground }) => {
    await playground.open();
    await playground.moves();
    const canvas = playground.page.locator('canvas[role="img"]');
    await expect(canvas).toHaveAttribute(
      'aria-label',
      /Old Faithful: 272 points.*2 fitted Gaussians/,
    );
    expect((await look(canvas)).colours).toBeGreaterThan(50);
  });
});

test('pause, one iteration, play, reset, play again', async ({ playground }) => {
  await playground.open();
  await playground.moves();
  await playground.button('Pause').click();
  await playground.status('Paused');
  await playground.stands();

  const paused = await playground.value('iteration');
  await playground.step();
  await expect.poll(() => playground.value('iteration')).toBe(paused + 1);
  await playground.status('Paused');

  await playground.button('Reset').click();
  await expect(playground.output('iteration')).toHaveText('0');
  await playground.status('Paused');
  const start = await playground.value('objective');

  await playground.button('Play').click();
  await playground.status('Running');
  await playground.moves();
  expect(await playground.value('objective')).toBeGreaterThan(start);

  await playground.fastest();
  await playground.status('Converged');
  const end = await playground.value('iteration');
  await playground.slider('Speed').press('Home');
  await playground.button('Play again').click();
  await playground.status('Running');
  expect(await playground.value('iteration')).toBeLessThan(end);
  await playground.button('Pause').click();
});

test('the likelihood never falls', async ({ playground }) => {
  await playground.open();
  await playground.button('Pause').click();
  await playground.button('Reset').click();
  await expect(playground.output('iteration')).toHaveText('0');
  let last = await playground.value('objective');
  for (let iteration = 1; iteration <= 10; iteration += 1) {
    await playground.step();
    await expect.poll(() => playground.value('iteration')).toBe(iteration);
    const objective = await playground.value('objective');
    expect(objective).toBeGreaterThanOrEqual(last - 1e-9);
    last = objective;
  }
});

test('another number of components restarts the fit and keeps it playing', async ({
  playground,
}) => {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
  await playground.slider('Speed').press('Home');
  await playground.slider('Components').press('ArrowRight');
  await expect(playground.rows).toHaveCount(3);
  await playground.status('Running');
  await playground.moves();
  await expect(playground.typed('Components')).toHaveValue('3');

  await playground.button('Set Components back to 2').click();
  await expect(playground.rows).toHaveCount(2);
  await expect(playground.button('Set Components back to 2')).toBeHidden();
});

test('a visitor’s pause outlives a restart', async ({ playground }) => {
  await playground.open();
  await playground.button('Pause').click();
  await playground.slider('Components').press('ArrowRight');
  await expect(playground.rows).toHaveCount(3);
  await expect(playground.output('iteration')).toHaveText('0');
  await playground.status('Paused');
});

test('values out of range are clamped with a notice', async ({ playground }) => {
  await playground.open();
  await playground.type('Components', '99');
  await expect(playground.rows).toHaveCount(16);
  await expect(playground.typed('Components')).toHaveValue('16');
  await expect(playground.notice).toContainText('16');
  await playground.button('Dismiss').click();
  await expect(playground.notice).toBeHidden();
  await playground.type('Components', 'many');
  await expect(playground.typed('Components')).toHaveValue('16');
});

test('every covariance type and start is fitted', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  const totals = new Map<string, number>();
  for (const start of ['k-means++', 'Points']) {
    await playground.page.getByRole('radio', { name: start }).check();
    for (const type of ['Tied', 'Diagonal', 'Spherical', 'Full']) {
      await playground.refit(() => playground.page.getByRole('radio', { name: type }).check());
      expect(await playground.value('iteration')).toBeGreaterThan(1);
      totals.set(type, await playground.value('total'));
    }
  }
  // The full covariance contains the others, so its likelihood is the highest.
  for (const type of ['Tied', 'Diagonal', 'Spherical']) {
    expect(totals.get(type)).toBeLessThan(totals.get('Full') ?? Number.NaN);
  }
});

for (const { dataset, label, points, components } of [
  { dataset: 'old-faithful', label: 'Old Faithful', points: '272 points', components: 2 },
  { dataset: 'three-blobs', label: 'Three blobs', points: '2,000 points', components: 3 },
  { dataset: 'galaxies', label: 'Galaxies', points: '82 points', components: 3 },
  { dataset: 'penguins', label: 'Penguins', points: '342 points', components: 3 },
]) {
  test(`${label} is fitted`, async ({ playground }) => {
    await playground.open();
    await playground.fastest();
    if (dataset !== 'old-faithful') await playground.dataset.selectOption(dataset);
    await expect(playground.page.locator('.about')).toContainText(points);
    await expect(playground.rows).toHaveCount(components);
    await playground.status('Converged');
    expect(await playground.value('iteration')).toBeGreaterThan(1);
    const seed = playground.page.getByRole('textbox', { name: 'Data seed' });
    await expect(seed).toBeVisible({ visible: dataset === 'three-blobs' });
    if (dataset !== 'penguins') return;
    await expect(playground.page.locator('.about')).toContainText('lines 5 and 273');
  });
}

test('another data seed draws other points', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.dataset.selectOption('three-blobs');
  await playground.status('Converged');
  const before = await playground.value('total');
  await playground.refit(() => playground.button('Throw the die: another data seed').click());
  expect(await playground.value('total')).not.toBe(before);
});

test('the same seed gives the same fit', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.page.getByRole('textbox', { name: 'Seed', exact: true }).fill('5');
  await playground.page.keyboard.press('Enter');
  await playground.slider('Components').press('End');
  await expect(playground.rows).toHaveCount(16);
  await playground.status('Converged');
  const total = await playground.value('total');
  const iteration = await playground.value('iteration');
  await playground.refit(() => playground.button('Play again').click());
  expect(await playground.value('total')).toBe(total);
  expect(await playground.value('iteration')).toBe(iteration);
});

test('links of the text come out as they say, one after the other', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
  const bic = await playground.value('bic');
  const total = await playground.value('total');
  const follow = async (words: RegExp, data: string): Promise<number[]> => {
    await playground.refit(() => playground.link(words).click());
    await expect(playground.page.locator('.about')).toContainText(data);
    const weights = playground.rows.locator('td:nth-of-type(1)');
    return (await weights.allTextContents()).map(Number).sort();
  };

  expect(await follow(/^the galaxies, two small/, '82 points')).toEqual([0.04, 0.09, 0.88]);
  expect(await follow(/^Two starting points/, '2,000 points')).toEqual([0.09, 0.16, 0.75]);
  expect(await follow(/^Forget the mixing weights/, '2,000 points')).toEqual([0.25, 0.25, 0.5]);
  expect(await follow(/^Coloured by doubt/, '342 points')).toEqual([0.2, 0.38, 0.42]);
  expect(await follow(/^Sixteen on Old Faithful/, '272 points')).toHaveLength(16);
  await expect.poll(() => playground.value('total')).toBeGreaterThan(total + 50);
  expect(await playground.value('bic')).toBeGreaterThan(bic + 100);
  await expect(playground.page.locator('.tries a')).toHaveCount(3);
});

test('another speed leaves a finished fit finished', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
  const end = await playground.value('iteration');
  await playground.slider('Speed').press('Home');
  await expect(playground.typed('Speed')).toHaveValue('1 a second');
  await playground.page.waitForTimeout(1500);
  await playground.status('Converged');
  expect(await playground.value('iteration')).toBe(end);
});

test('a collapsed component is marked', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.dataset.selectOption('galaxies');
  await playground.type('Components', '16');
  await expect(playground.rows).toHaveCount(16);
  await playground.status('Converged');
  const collapsed = playground.page.locator('tr[data-state="collapsed"]');
  await expect(collapsed).toHaveCount(1);
  const notes = playground.page.locator('tr.note:visible');
  await expect(notes).toHaveCount(1);
  await expect(notes).toContainText('Held at the minimum variance');
  await expect(notes.getByRole('button')).toHaveCount(0);
});

test('an empty component is marked, and the button revives it', async ({ playground }) => {
  // Points and settings of which it is known that one component ends up with nothing.
  const points =
    '30,0 200,30 0,0 300,10 10,100 10,20 200,0 1,2 0,10 3,1 0,2 2,20 0,0 200,300 2,200 1,200 ' +
    '2,200 100,2 30,20 2,10 10,3 20,1 0,30 3,10 1,20 2,0 30,1 20,0 1,100 0,2 0,2 10,0';
  await playground.open();
  await playground.paste(points.replaceAll(' ', '\n'));
  await expect(playground.page.locator('.about')).toContainText('32 points');
  const { page } = playground;
  await page.getByRole('radio', { name: 'Diagonal' }).check();
  await page.getByRole('radio', { name: 'No weights' }).check();
  await page.getByRole('textbox', { name: 'Seed', exact: true }).fill('69');
  await page.keyboard.press('Enter');
  await playground.more.click();
  await playground.type('Minimum variance', '1e-12');
  await playground.type('Components', '9');
  await expect(playground.rows).toHaveCount(9);
  await playground.fastest();
  await playground.status('Stopped');

  const empty = page.locator('tr[data-state="empty"]');
  await expect(empty).toHaveCount(1);
  await expect(page.locator('tr.note:visible')).toContainText('Empty.');
  const before = await playground.value('total');
  await playground.button('Move to the worst-explained point').click();
  await expect(empty).toHaveCount(0);
  await expect(playground.button('Move to the worst-explained point')).toBeHidden();
  expect(await playground.value('total')).toBeGreaterThan(before);
});

test('the nearest point tells its responsibilities', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.status('Converged');
  const canvas = playground.page.locator('canvas[role="img"]');
  const box = await canvas.boundingBox();
  if (!box) throw new Error('The canvas has no box.');
  const tooltip = playground.page.locator('.tooltip');
  // Somewhere on a coarse grid there is a point within reach.
  search: for (let x = 0.15; x < 0.9; x += 0.03) {
    for (let y = 0.15; y < 0.9; y += 0.05) {
      await playground.page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      await playground.page.waitForTimeout(20);
      if (await tooltip.isVisible()) break search;
    }
  }
  await expect(tooltip).toContainText(/Point at \d+\.\d+, \d+/);
  const shares = (await tooltip.locator('.part').allTextContents()).map(Number);
  expect(shares).toHaveLength(2);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 1);
  await playground.page.mouse.move(5, 5);
  await expect(tooltip).toBeHidden();
});
