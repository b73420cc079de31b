import { expect, test } from './playground.ts';

test('a Worker that dies is replaced, with the same settings', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.slider('Components').press('ArrowRight');
  await playground.page.getByRole('radio', { name: 'Diagonal' }).check();
  await playground.status('Converged');
  const total = await playground.value('total');
  const iteration = await playground.value('iteration');
  await playground.killWorker();
  await expect(playground.notice.getByRole('alert')).toHaveText(/started again with the same data/);
  await expect(playground.rows).toHaveCount(3);
  await expect(playground.typed('Speed')).toHaveValue('as fast as it goes');
  await playground.status('Converged');
  await expect.poll(() => playground.value('total')).toBe(total);
  // It went on from its last checkpoint: nothing was fitted again.
  expect(await playground.value('iteration')).toBe(iteration);
  await expect(playground.page.locator('canvas[role="img"]')).toHaveCount(1);
});

test('a visitor’s own data outlive the Worker', async ({ playground }) => {
  await playground.open();
  await playground.fastest();
  await playground.paste('x,y\n0,0\n0,1\n1,0\n5,5\n5,6\n6,5\n9,0\n');
  await expect(playground.page.locator('.about')).toContainText('7 points');
  await playground.status('Converged');
  await playground.killWorker();
  await expect(playground.notice.getByRole('alert')).toHaveText(/started again/);
  await expect(playground.page.locator('.about')).toContainText('7 points');
  await expect(playground.dataset).toHaveValue('own');
  await playground.status('Converged');
  // Also while another data set was in force.
  await playground.dataset.selectOption('galaxies');
  await playground.status('Converged');
  await playground.page.waitForTimeout(10_500);
  await playground.killWorker();
  await expect(playground.page.locator('.about')).toContainText('82 points');
  await playground.dataset.selectOption('own');
  await expect(playground.page.locator('.about')).toContainText('7 points');
});

test('a Worker that keeps dying is given up with a sentence', async ({ playground }) => {
  await playground.open();
  for (let death = 0; death < 3; death += 1) {
    const before = playground.fitWorker;
    await playground.killWorker();
    if (death === 2) break;
    await expect.poll(() => playground.fitWorker !== before).toBe(true);
    await expect(playground.notice.getByRole('alert')).toHaveText(/again|set up/);
  }
  await expect(playground.page.locator('.lost')).toHaveText(/Reload the page/);
  await playground.status('Off');
});

test('with 100,000 points and 16 components the page keeps at least half of its frames', async ({
  playground,
  page,
}) => {
  test.setTimeout(120_000);
  await playground.open();
  await playground.button('Pause').click();
  // A few clouds from a linear congruential generator; what they look like does not matter.
  let state = 7;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const bell = (): number => next() + next() + next() + next() - 2;
  const lines = ['x,y'];
  for (let index = 0; index < 100_000; index += 1) {
    const cloud = index % 23;
    lines.push(`${((cloud % 5) * 3 + bell()).toFixed(4)},${((cloud * 7) % 11) + bell()}`);
  }
  await playground.openFile('many.csv', lines.join('\n'));
  await expect(page.locator('.about')).toContainText('100,000 points');
  await playground.type('Components', '16');
  await expect(playground.rows).toHaveCount(16);
  await playground.type('Stop below', '0');
  await playground.fastest();

  const frames = (): Promise<number> =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let count = 0;
          const end = performance.now() + 2000;
          const frame = (now: number): void => {
            count += 1;
            if (now < end) requestAnimationFrame(frame);
            else resolve(count);
          };
          requestAnimationFrame(frame);
        }),
    );
  await playground.status('Paused');
  await playground.stands();
  const idle = await frames();
  expect(idle).toBeGreaterThan(60);

  await playground.button('Play').click();
  await playground.status('Running');
  await playground.moves();
  const before = await playground.value('iteration');
  const busy = await frames();
  const after = await playground.value('iteration');
  await playground.status('Running');
  expect(after).toBeGreaterThan(before + 5);
  console.log(`animation frames in 2 s: idle ${idle}, busy ${busy}; iterations ${after - before}`);
  expect(busy).toBeGreaterThanOrEqual(idle / 2);
});
