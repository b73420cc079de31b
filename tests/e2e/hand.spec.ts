import { expect, type Playground, test } from './playground.ts';

async function paused(playground: Playground, parameters = 'experiment=em-mixture'): Promise<void> {
  await playground.openLink(parameters);
  await playground.button('Pause').click();
  await playground.status('Paused');
}

const tool = (playground: Playground, name: string) => playground.radio('Tool', name);

async function points(playground: Playground): Promise<number> {
  const words = (await playground.about.textContent()) ?? '';
  return Number(words.match(/([\d,]+) points?\./)?.[1]?.replaceAll(',', '') ?? Number.NaN);
}

/** How many points there are once no more come or go: a stroke is counted while it is drawn. */
async function settled(playground: Playground): Promise<number> {
  let last = Number.NaN;
  await expect(async () => {
    const before = await points(playground);
    await playground.page.waitForTimeout(500);
    last = await points(playground);
    expect(last).toBe(before);
  }).toPass();
  return last;
}

test('points are added, sprayed, erased and dragged, and all of it can be undone', async ({
  playground,
  page,
}) => {
  await paused(playground);
  await tool(playground, 'Add').check();
  const free = await playground.place(0.15, 0.2);
  await page.mouse.click(free.x, free.y);
  await expect(playground.about).toContainText('273 points');
  await expect(playground.dataset).toHaveValue('own');

  await tool(playground, 'Spray').check();
  await page.mouse.move(free.x, free.y);
  await page.mouse.down();
  await page.mouse.move(free.x + 40, free.y + 20, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => points(playground)).toBeGreaterThan(280);
  const sprayed = await settled(playground);

  await tool(playground, 'Erase').check();
  await page.mouse.move(free.x, free.y);
  await page.mouse.down();
  await page.mouse.move(free.x + 40, free.y + 20, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => points(playground)).toBeLessThan(sprayed);
  const erased = await settled(playground);

  await playground.button('Undo').click();
  await expect.poll(() => points(playground)).toBe(sprayed);
  await playground.button('Redo').click();
  await expect.poll(() => points(playground)).toBe(erased);
  for (let strokes = 0; strokes < 3; strokes += 1) await playground.button('Undo').click();
  await expect.poll(() => points(playground)).toBe(272);

  // The fit goes on with what was drawn.
  await playground.button('Redo').click();
  await expect.poll(() => points(playground)).toBe(273);
  await playground.fastest();
  await playground.button('Play').click();
  await playground.status('Converged');
});

test('what was drawn outlives the Worker and follows to another experiment', async ({
  playground,
  page,
}) => {
  await paused(playground);
  await tool(playground, 'Add').check();
  const free = await playground.place(0.15, 0.2);
  await page.mouse.click(free.x, free.y);
  await expect(playground.about).toContainText('273 points');
  await playground.killWorker();
  await expect(playground.notice.getByRole('alert')).toHaveText(/same data and settings/);
  await expect(playground.about).toContainText('273 points');
  await page.getByRole('link', { name: 'Sparse mixture' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sparse mixture');
  await expect(playground.about).toContainText('273 points');
});

test('a Gaussian is dragged away, and finds its way back', async ({ playground, page }) => {
  await playground.openLink('experiment=em-mixture');
  await playground.fastest();
  await playground.status('Converged');
  const total = await playground.value('total');
  await playground.overHandle();
  await page.mouse.down();
  const away = await playground.place(0.5, 0.95);
  await page.mouse.move(away.x, away.y, { steps: 10 });
  await expect.poll(() => playground.value('total')).toBeLessThan(total - 1);
  await page.mouse.up();
  await playground.button(/^Play/).click();
  await playground.status('Converged');
  await expect
    .poll(async () => Math.abs((await playground.value('total')) - total))
    .toBeLessThan(0.01);
});

test('the view is panned, zoomed and shown whole again', async ({ playground, page }) => {
  await paused(playground);
  const canvas = page.locator('canvas[role="img"]');
  const picture = async (): Promise<string> => (await canvas.screenshot()).toString('base64');
  const whole = await picture();
  const middle = await playground.place(0.5, 0.9);
  await page.mouse.move(middle.x, middle.y);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect.poll(picture).not.toBe(whole);
  const zoomed = await picture();
  await page.mouse.down();
  await page.mouse.move(middle.x + 60, middle.y - 30, { steps: 4 });
  await page.mouse.up();
  await expect.poll(picture).not.toBe(zoomed);
  await playground.button('Show all').click();
  // The buttons of the view go with the pointer and the focus.
  await playground.button('Show all').evaluate((button) => button.blur());
  await page.mouse.move(5, 5);
  await expect.poll(picture).toBe(whole);
});

test('fingers draw, pinch and pan', async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await paused(playground);
  const session = await page.context().newCDPSession(page);
  const touch = (type: string, touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints });
  const canvas = page.locator('canvas[role="img"]');
  const picture = async (): Promise<string> => (await canvas.screenshot()).toString('base64');
  const whole = await picture();
  const [left, right] = [await playground.place(0.4, 0.5), await playground.place(0.6, 0.5)];
  await touch('touchStart', [left]);
  await touch('touchStart', [left, right]);
  for (let step = 1; step <= 5; step += 1) {
    await touch('touchMove', [
      { x: left.x - 10 * step, y: left.y },
      { x: right.x + 10 * step, y: right.y },
    ]);
  }
  await touch('touchEnd', []);
  await expect.poll(picture).not.toBe(whole);
  expect(await page.evaluate(() => [scrollX, scrollY, visualViewport?.scale])).toEqual([0, 0, 1]);

  await page.locator('.data-drawer .drawer-head button').click();
  await tool(playground, 'Add').check();
  await page.evaluate(() => scrollTo(0, 0));
  const place = await playground.place(0.3, 0.2);
  await touch('touchStart', [place]);
  await touch('touchEnd', []);
  await expect(playground.about).toContainText('273 points');
});

test('points are drawn from the fit', async ({ playground }) => {
  await playground.openLink('experiment=em-mixture');
  await playground.fastest();
  await playground.status('Converged');
  await playground.refit(() => playground.button('draw from the fit').click());
  await expect(playground.dataset).toHaveValue('own');
  await expect(playground.about).toContainText('272 points');
  await playground.button('Undo').click();
  await expect(playground.about).toContainText('Eruptions of a geyser');
});

test('a table may have a column of weights', async ({ playground }) => {
  await paused(playground);
  const rows = Array.from({ length: 12 }, (_, i) => `${i % 4},${(i * 7) % 5},${1 + (i % 3)}`);
  await playground.openFile('weighted.csv', `x,y,count\n${rows.join('\n')}`);
  await playground.dialog.getByRole('combobox', { name: 'Weight' }).selectOption({ index: 3 });
  await playground.dialog.getByRole('button', { name: /^Use/ }).click();
  await expect(playground.dialog).toBeHidden();
  await expect(playground.about).toContainText('12 points');
});

test('all of it by the keyboard', async ({ playground, page }) => {
  await paused(playground);
  await tool(playground, 'Add').check();
  await playground.canvas.focus();
  for (let press = 0; press < 5; press += 1) await page.keyboard.press('Shift+ArrowUp');
  await expect(page.locator('.cross')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(playground.about).toContainText('273 points');
  await page.keyboard.press('Escape');
  await expect(page.locator('.cross')).toBeHidden();
});

test('a million points stay usable', async ({ playground, page }) => {
  test.setTimeout(180_000);
  await playground.openLink('experiment=em-mixture&dataset=three-blobs&points=1000000');
  await expect(playground.about).toContainText('1,000,000 points', { timeout: 60_000 });
  await expect.poll(() => playground.value('iteration'), { timeout: 60_000 }).toBeGreaterThan(2);
  await playground.button('Pause').click();
  await playground.status('Paused');
  await tool(playground, 'Add').check();
  const free = await playground.place(0.15, 0.2);
  await page.mouse.click(free.x, free.y);
  await expect(playground.about).toContainText('1,000,001 points', { timeout: 30_000 });
});
