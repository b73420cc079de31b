import { expect, look, type Playground, test } from './playground.ts';

/** A sum of Gaussians that stands still after its first epochs. */
async function settledSum(playground: Playground, more = ''): Promise<void> {
  await playground.openLink(`experiment=sum-of-gaussians&batchSize=2048&epochs=60${more}`);
  await playground.fastest();
  await playground.status('Stopped');
}

const small = ['Truth', 'Prediction', 'Difference', 'Centres by epoch', 'Loss'];

test('every figure can be the large one, by mouse and by keyboard', async ({ playground }) => {
  await settledSum(playground);
  const { page } = playground;
  const strip = page.getByRole('group', { name: 'Figures' }).getByRole('button');
  await expect(strip).toHaveCount(5);
  for (const label of small) {
    await playground.button(`Show large: ${label}`).click();
    // What was large is now a small one, and the large one has no button.
    await expect(playground.button(`Show large: ${label}`)).toHaveCount(0);
    await expect(strip).toHaveCount(5);
  }
  await playground.button('Show large: Gaussians').focus();
  await page.keyboard.press('Enter');
  await expect(playground.button('Show large: Loss')).toBeVisible();
  await expect(playground.button('Show large: Gaussians')).toHaveCount(0);
});

test('the figure in front is in the link, and the strip can be put away', async ({
  playground,
  page,
}) => {
  await settledSum(playground, '&figure=difference');
  await expect(playground.button('Show large: Gaussians')).toBeVisible();
  await expect.poll(() => page.url()).toContain('figure=difference');
  await page.getByRole('checkbox', { name: 'Small figures' }).uncheck();
  await expect(page.getByRole('group', { name: 'Figures' }).getByRole('button')).toHaveCount(0);
  await expect.poll(() => page.url()).toContain('showFigures=false');
});

test('the small figures are inside of the canvas, wide and narrow', async ({
  playground,
  page,
}) => {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await settledSum(playground);
    const canvas = await playground.canvas.boundingBox();
    const strip = page.getByRole('group', { name: 'Figures' }).getByRole('button');
    await expect(strip).toHaveCount(5);
    for (const button of await strip.all()) {
      const box = await button.boundingBox();
      if (!box || !canvas) throw new Error('There is nothing to be seen.');
      expect(box.width).toBeGreaterThanOrEqual(44);
      expect(box.x).toBeGreaterThanOrEqual(canvas.x);
      expect(box.x + box.width).toBeLessThanOrEqual(canvas.x + canvas.width);
      expect(box.y + box.height).toBeLessThanOrEqual(canvas.y + canvas.height);
    }
  }
});

test('a true Gaussian is dragged: the data are drawn anew, and the link says where it is', async ({
  playground,
  page,
}) => {
  const start = 'experiment=sum-of-gaussians&batchSize=2048&epochs=3&trueGaussians=1&components=1';
  await playground.openLink(start);
  await playground.fastest();
  await playground.status('Stopped');
  const before = await playground.settled('objective');
  // The learned one is put aside, so that the true one is alone under the pointer.
  const held = await holdTruth(playground);
  await page.mouse.down();
  await page.mouse.move(held.x + 60, held.y + 40, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => page.url()).toContain('truth=');
  await playground.status('Stopped');
  expect(await playground.settled('objective')).not.toBe(before);
  const url = page.url();
  const after = await playground.settled('objective');
  await page.goto('about:blank');
  await page.goto(url);
  await playground.fastest();
  await playground.status('Stopped');
  expect(Math.abs((await playground.settled('objective')) / after - 1)).toBeLessThan(1e-4);
});

/** Where the centre of a true Gaussian is, found by its kind. */
async function holdTruth(playground: Playground): Promise<{ x: number; y: number }> {
  const stage = playground.page.locator('.stage');
  for (let y = 0.08; y < 0.95; y += 0.03) {
    for (let x = 0.04; x < 0.78; x += 0.02) {
      const at = await playground.place(x, y);
      await playground.page.mouse.move(at.x, at.y);
      await playground.page.waitForTimeout(12);
      if ((await stage.getAttribute('data-over')) === 'truth') return at;
    }
  }
  throw new Error('No true Gaussian is under the pointer anywhere.');
}

test('a store is dragged: the cities are looked for anew', async ({ playground, page }) => {
  await playground.openLink('experiment=two-cities&optimizer=levenberg-marquardt&epochs=30');
  await playground.fastest();
  await expect(playground.output('status')).toHaveText(/^(Stopped|Converged)$/);
  const stage = page.locator('.stage');
  const found = await (async () => {
    for (let y = 0.1; y < 0.95; y += 0.02) {
      for (let x = 0.05; x < 0.95; x += 0.012) {
        const at = await playground.place(x, y);
        await page.mouse.move(at.x, at.y);
        await page.waitForTimeout(8);
        if ((await stage.getAttribute('data-over')) === 'sample') return at;
      }
    }
    throw new Error('No store is under the pointer anywhere.');
  })();
  await page.mouse.down();
  await page.mouse.move(found.x, found.y - 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => page.url()).toContain('drawn=');
  await expect(playground.about).toContainText('10 points');
});

test('σ is played from 0 to 5, and every panel follows', async ({ playground, page }) => {
  await playground.openLink('experiment=bump&epochs=1&points=1000&form=safe');
  await playground.fastest();
  await playground.status('Stopped');
  const slider = page.getByRole('slider', { name: 'σ to look at' });
  await expect(slider).toHaveAttribute('aria-valuetext', '0');
  const canvas = page.locator('canvas[role="img"]');
  const still = await look(canvas);
  await playground.button('0 to 5').click();
  await expect
    .poll(async () => Number(await slider.getAttribute('aria-valuetext')))
    .toBeGreaterThan(0.5);
  await playground.button('Stop').click();
  const at = Number(await slider.getAttribute('aria-valuetext'));
  expect(at).toBeGreaterThan(0.5);
  expect(await look(canvas)).not.toEqual(still);
  // It stands still now, and the fit has not been touched.
  await page.waitForTimeout(300);
  expect(Number(await slider.getAttribute('aria-valuetext'))).toBeCloseTo(at, 1);
  await playground.status('Stopped');
});
