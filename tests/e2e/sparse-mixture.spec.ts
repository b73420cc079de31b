import type { Locator } from '@playwright/test';
import { violations } from './accessibility.ts';
import { expect, look, type Playground, test } from './playground.ts';

// A fit of thirty Gaussians to thousands of points, drawn all the while, takes its time on a busy machine.
test.describe.configure({ timeout: 240_000 });

const milestones = [0, 10, 100, 150, 250, 500];

async function ended(playground: Playground, more = ''): Promise<void> {
  await playground.openLink(`experiment=sparse-mixture&speed=61${more}`);
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 150_000 });
}

/** The weights that the bars stand for, in their order. */
async function weights({ page }: Playground): Promise<number[]> {
  const bars = page.locator('.weight-bars li');
  return bars.evaluateAll((all) =>
    all.map((one) => (one instanceof HTMLElement ? Number(one.dataset.weight) : Number.NaN)),
  );
}

const moment = ({ page }: Playground, iteration: number): Locator =>
  page.locator(`.moments button[data-iteration="${iteration}"]`);

test('the spiral is covered by at most five of thirty, in bars sorted by weight', async ({
  playground,
  page,
}) => {
  await ended(playground);
  const on = await playground.value('on');
  expect(on).toBeGreaterThan(1);
  expect(on).toBeLessThanOrEqual(5);
  await expect(page.locator('.active-count')).toHaveText(`${on} of 30 active`);
  await expect(page.locator('.bars-off')).toHaveText(`${30 - on} off`);
  const found = await weights(playground);
  expect(found).toHaveLength(on);
  expect(found).toEqual([...found].sort((a, b) => b - a));
  const sum = found.reduce((total, weight) => total + weight, 0);
  // Those that are off have next to nothing.
  expect(sum).toBeGreaterThan(0.999);
  expect(sum).toBeLessThanOrEqual(1 + 1e-9);
  const values = await page.locator('.weight-bars .value').allTextContents();
  expect(values).toEqual(found.map((weight) => weight.toFixed(3)));
  // The whole table is still there.
  await expect(playground.rows.first()).toBeHidden();
  await page.getByText('All numbers').click();
  await expect(playground.rows).toHaveCount(on);
  await expect(playground.rows.first()).toBeVisible();
});

test('the moments are those iterations whatever the speed, and a press goes there', async ({
  playground,
  page,
}) => {
  await playground.openLink('experiment=sparse-mixture&speed=1');
  await expect(moment(playground, 0)).toBeEnabled();
  await expect(moment(playground, 250)).toBeDisabled();
  await expect(moment(playground, 250)).toHaveAccessibleName(/not reached yet/);
  await ended(playground, '&points=500');
  for (const iteration of milestones) {
    await expect(moment(playground, iteration)).toHaveAttribute('data-filled', 'true');
    const { colours } = await look(moment(playground, iteration).locator('canvas'));
    expect(colours).toBeGreaterThan(20);
  }
  for (const iteration of [150, 0, 10]) {
    await moment(playground, iteration).click();
    await expect(playground.output('iteration')).toHaveText(String(iteration));
    await expect(moment(playground, iteration)).toHaveAttribute('aria-current', 'true');
  }
  // What comes after is still there, until the fit goes another way.
  await expect(moment(playground, 500)).toBeEnabled();
  await playground.step();
  await expect(moment(playground, 10)).toBeEnabled();
  await expect(moment(playground, 100)).toBeDisabled();
  await expect(page.locator('.moments button:enabled')).toHaveCount(2);
});

test('it starts with thirty round blobs of radius 1/15 and equal weights', async ({
  playground,
  page,
}) => {
  await playground.openLink('experiment=sparse-mixture&speed=1');
  await playground.button('Pause').click();
  await playground.button('Reset').click();
  await expect(playground.output('iteration')).toHaveText('0');
  await expect(page.locator('.active-count')).toHaveText('30 of 30 active');
  for (const weight of await weights(playground)) expect(weight).toBeCloseTo(1 / 30, 9);
  await page.getByText('All numbers').click();
  const cells = await playground.rows.evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
  );
  expect(cells).toHaveLength(30);
  for (const [, , deviations = '', correlation] of cells) {
    for (const one of deviations.split(', ')) expect(Number(one)).toBeCloseTo(1 / 15, 2);
    expect(correlation).toBe('0.00');
  }
});

test('the cost is the sum of its two parts, with either constant and standardized', async ({
  playground,
}) => {
  for (const more of ['', '&constant=tutorial', '&dataset=old-faithful&components=12']) {
    await playground.openLink(`experiment=sparse-mixture&speed=61&iterations=40${more}`);
    await expect(playground.output('status')).toHaveText('Stopped', { timeout: 150_000 });
    const [cost, part, price] = await Promise.all(
      ['objective', 'likelihoodPart', 'price'].map((name) => playground.value(name)),
    );
    expect(price).toBeGreaterThan(0);
    expect(cost).toBeCloseTo((part ?? 0) + (price ?? 0), 9);
  }
});

test('density and contours are on the canvas while their switches are on', async ({
  playground,
  page,
}) => {
  await ended(playground, '&iterations=120&points=1000');
  // Without the switches, which look different while they are pointed at.
  const seen = async (): Promise<string> => {
    await page.mouse.move(0, 0);
    const { x, y, width, height } = await playground.canvas
      .boundingBox()
      .then((box) => box ?? { x: 0, y: 0, width: 1, height: 1 });
    const clip = { x, y: y + 100, width, height: height - 200 };
    return (await page.screenshot({ clip })).toString('base64');
  };
  for (const name of ['Log contours', 'Density']) {
    const box = page.getByRole('checkbox', { name, exact: true });
    await expect(box).toBeChecked();
    const before = await seen();
    await box.uncheck();
    await expect.poll(async () => (await seen()) !== before).toBe(true);
    const without = await seen();
    await box.check();
    await expect.poll(async () => (await seen()) !== without).toBe(true);
  }
  // Where one looks for groups the lines are there for the asking.
  await playground.openLink('experiment=em-mixture');
  await expect(page.getByRole('checkbox', { name: 'Log contours' })).not.toBeChecked();
});

test('another sparsity at the end lets the fit go on', async ({ playground }) => {
  await ended(playground, '&iterations=120&points=1000');
  const before = await playground.value('on');
  await playground.type('Sparsity', '300');
  await expect(playground.notice).toContainText('may go on to iteration 370');
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 150_000 });
  await expect(playground.output('iteration')).toHaveText('370');
  expect(await playground.value('on')).toBeLessThan(before);
});

test('without the line that clears the gradients it breaks, and says where', async ({
  playground,
  page,
}) => {
  await playground.openLink('experiment=sparse-mixture&speed=61&clearGradients=false&points=1000');
  await expect(playground.output('status')).toHaveText('Failed', { timeout: 150_000 });
  await expect(playground.troubles.first()).toContainText(
    /After iteration \d+, .* of component \d+ was no longer a finite number, .* stopped\. Each step took the sum of all gradients so far\./,
  );
  await page.getByRole('button', { name: 'Clear the gradients and start anew' }).click();
  await expect(page.getByRole('switch', { name: 'Clear gradients' })).toBeChecked();
});

for (const width of [1280, 390]) {
  test(`nothing is wrong with the page at ${width} px, and nothing sticks out`, async ({
    playground,
    page,
  }) => {
    await page.setViewportSize({ width, height: 844 });
    await ended(playground, '&iterations=120&points=1000');
    expect(await violations(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
    await expect(moment(playground, 100)).toBeVisible();
  });
}
