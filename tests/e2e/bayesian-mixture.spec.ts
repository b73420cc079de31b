import type { Page } from '@playwright/test';
import { violations } from './accessibility.ts';
import { expect, look, type Playground, test } from './playground.ts';

// The Bayesian mixture by what its page says: figures, parts, labels, priors, and the two methods.

const name = 'experiment=bayesian-mixture';
const ascent = `${name}&method=coordinate-ascent`;

/** Solved to its end. */
async function solved(playground: Playground, more = ''): Promise<void> {
  await playground.openLink(`${ascent}${more}`);
  await playground.status('Converged');
}

const strip = (page: Page) => page.getByRole('group', { name: 'Figures' }).getByRole('button');

/** A row of the table of components as text, number by number. */
const rowsOf = (playground: Playground): Promise<string[][]> =>
  playground.rows.evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
  );

/** The first coordinate of each component's mean. */
async function firsts(playground: Playground): Promise<number[]> {
  const rows = await rowsOf(playground);
  return rows.map(([, mean = '']) => Number(mean.split(',')[0]?.replace('\u2212', '-')));
}

test('every figure can be the large one, by press and by link', async ({ playground, page }) => {
  await solved(playground);
  const names = ['Means', 'Standard deviations', 'Weights', 'Negative ELBO'];
  await expect(strip(page)).toHaveCount(4);
  const looks = new Set([(await look(playground.canvas)).lightness]);
  for (const label of names) {
    await playground.button(`Show large: ${label}`).click();
    await expect(playground.button(`Show large: ${label}`)).toHaveCount(0);
    await expect(strip(page)).toHaveCount(4);
    await page.waitForTimeout(200);
    looks.add((await look(playground.canvas)).lightness);
  }
  expect(looks.size).toBe(5);
  await expect.poll(() => page.url()).toContain('figure=bound');
  await solved(playground, '&figure=means');
  await expect(playground.button('Show large: Density')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Small figures' }).uncheck();
  await expect(strip(page)).toHaveCount(0);
});

test('the parts of the negative ELBO add up', async ({ playground }) => {
  for (const more of ['&method=coordinate-ascent', '&epochs=4', '&epochs=4&dataset=penguins']) {
    await playground.openLink(`${name}${more}`);
    await playground.fastest();
    await expect(playground.output('status')).toHaveText(/^(Converged|Stopped)$/);
    const whole = await playground.settled('objective');
    const parts = [
      'negativeLogLikelihood',
      'divergenceOfMeans',
      'divergenceOfPrecisions',
      'divergenceOfWeights',
    ];
    let sum = 0;
    for (const part of parts) sum += await playground.value(part);
    expect(Math.abs(sum - whole)).toBeLessThan(1e-9);
    // And so do those of the formula, to their digits.
    const text = await playground.page.locator('.text .live math:visible').first().textContent();
    const [total = '', rest = ''] = (text ?? '').replaceAll('\u2212', '-').split('=');
    const added = rest.split('+').reduce((all, number) => all + Number(number), 0);
    expect(Math.abs(added - Number(total))).toBeLessThan(0.0012);
    if (!more.includes('ascent')) continue;
    // Near the optimum, what is drawn explains the points better than draws from the posterior do.
    expect(await playground.value('likelihoodAtMeans')).toBeGreaterThan(
      -(await playground.value('negativeLogLikelihood')),
    );
  }
});

test('two that swap their labels swap their rows, and no number changes', async ({
  playground,
  page,
}) => {
  await solved(playground);
  const before = await rowsOf(playground);
  const numbers = async (): Promise<string> =>
    (await page.locator('.sums output, output[name="objective"]').allTextContents()).join(' ');
  const shown = await numbers();
  await page.getByRole('combobox', { name: 'with' }).selectOption('3');
  await playground.button('Swap').click();
  const result = page.locator('.swap-result');
  await expect(result).toHaveText(/: the same/);
  expect(await result.getAttribute('data-before')).toBe(await result.getAttribute('data-after'));
  await expect.poll(async () => (await rowsOf(playground))[0]).toEqual(before[2]);
  expect(await rowsOf(playground)).toEqual([before[2], before[1], before[0]]);
  expect(await numbers()).toBe(shown);
  await expect.poll(() => page.url()).toContain('method=coordinate-ascent');
});

test('an order sorts, and puts back what was swapped', async ({ playground, page }) => {
  await solved(playground, '&ordering=x');
  const sorted = await firsts(playground);
  expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
  await playground.button('Swap').click();
  await expect(page.locator('.swap-result')).toHaveText(/the order has put them back/);
  expect(await firsts(playground)).toEqual(sorted);
  await playground.radio('Labels', 'By weight').check();
  const weights = async (): Promise<number[]> =>
    (await rowsOf(playground)).map(([weight = '']) => Number(weight));
  await expect
    .poll(async () => {
      const found = await weights();
      return found.every((weight, k) => k === 0 || weight <= (found[k - 1] ?? 0));
    })
    .toBe(true);
});

test('posterior samples are drawn, and can be put away', async ({ playground, page }) => {
  await playground.openLink(`${name}&epochs=2`);
  await playground.status('Stopped');
  const samples = page.getByRole('checkbox', { name: 'Posterior samples' });
  await expect(samples).toBeChecked();
  const before = await look(playground.canvas);
  await samples.uncheck();
  await expect.poll(() => page.url()).toContain('showSamples=false');
  await page.waitForTimeout(200);
  const after = await look(playground.canvas);
  expect(after.colours).toBeLessThan(before.colours);
  expect(after.lightness).not.toBe(before.lightness);
});

test('each component can have priors of its own, by field and by link', async ({
  playground,
  page,
}) => {
  // As strong as the points are: at a scale of 1 the start would still decide.
  await solved(playground, '&priorScale=0.01');
  await page.locator('details.more summary').first().click();
  const field = page.getByRole('textbox', { name: 'Prior means', exact: true });
  await playground.refit(async () => {
    await field.fill('-2 -4, 2 0, -2 4');
    await field.press('Enter');
  });
  await expect.poll(() => page.url()).toContain('priorMeans=-2,-4,2,0,-2,4');
  const near = async (): Promise<void> => {
    const rows = await rowsOf(playground);
    const means = rows.map(([, mean = '']) =>
      mean.replaceAll('\u2212', '-').split(',').map(Number),
    );
    const wanted = [
      [-2, -4],
      [2, 0],
      [-2, 4],
    ];
    wanted.forEach((place, k) => {
      place.forEach((value, axis) => {
        expect(Math.abs((means[k]?.[axis] ?? 99) - value)).toBeLessThan(0.2);
      });
    });
  };
  await near();
  // Priors that differ tell labels apart.
  await playground.button('Swap').click();
  await expect(page.locator('.swap-result')).toHaveText(/the labels matter/);
  for (const seed of [1, 2, 3]) {
    await solved(playground, `&seed=${seed}&priorScale=0.01&priorMeans=-2,-4,2,0,-2,4`);
    await near();
  }
  await playground.openLink(`${ascent}&priorScales=2,2`);
  await expect(playground.notice).toHaveText(
    /2 numbers for 3 components, so all have the same prior/,
  );
  await playground.openLink(`${ascent}&priorScales=0,2,2`);
  await expect(playground.notice).toHaveText(/Prior scales go from/);
});

test('coordinate ascent is not above the sampled fit, and the page says how far', async ({
  playground,
  page,
}) => {
  test.setTimeout(240_000);
  await playground.openLink(`${name}&epochs=100&compare=methods`);
  await expect(playground.button('Play all again')).toBeVisible({ timeout: 200_000 });
  const scores = await page
    .locator('.side-by-side td[data-name="score"]')
    .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.value)));
  expect(scores).toHaveLength(2);
  const [sampled = 0, solved = 9] = scores;
  expect(solved).toBeLessThanOrEqual(sampled);
  const far = (sampled - solved).toFixed(3);
  await expect(page.locator('.verdict')).toContainText(
    `After 100 epochs at 0.0010 the sampled fit stands ${far} a point above`,
  );
});

test('weight goes from one to the other of two in one place, and hardly any likelihood with it', async ({
  playground,
  page,
}) => {
  const change = async (more: string): Promise<{ shared: number; change: number }> => {
    await solved(playground, more);
    const slider = page.getByRole('slider', { name: /^Of their weight/ });
    const section = page.locator('.section[data-pair]');
    const shared = Number(await section.getAttribute('data-shared'));
    const before = await playground.settled('likelihoodAtMeans');
    await slider.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => playground.value('shared-weight')).toBeLessThan(0.01);
    await expect(page.locator('.overlap-result')).toHaveText(/a change of/);
    const after = await playground.settled('likelihoodAtMeans');
    return { shared, change: before - after };
  };
  const apart = await change('');
  expect(apart.shared).toBeLessThan(0.2);
  expect(apart.change).toBeGreaterThan(0.5);
  const together = await change('&components=4&seed=1');
  expect(together.shared).toBeGreaterThan(0.95);
  expect(Math.abs(together.change)).toBeLessThan(0.02);
});

test('data on a line have their figures, too', async ({ playground, page }) => {
  await solved(playground, '&dataset=galaxies');
  await expect(strip(page)).toHaveCount(4);
  for (const label of ['Means', 'Standard deviations', 'Weights', 'Negative ELBO', 'Density']) {
    await playground.button(`Show large: ${label}`).click();
    await expect(strip(page)).toHaveCount(4);
  }
});

test('on a phone the strip is below, and nothing is too wide', async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await solved(playground);
  await expect(strip(page)).toHaveCount(4);
  const canvas = await playground.canvas.boundingBox();
  for (const button of await strip(page).all()) {
    const box = await button.boundingBox();
    if (!box || !canvas) throw new Error('There is nothing to be seen.');
    expect(box.y).toBeGreaterThan(canvas.y + canvas.height / 2);
    expect(box.width).toBeGreaterThanOrEqual(44);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing in the figures, labels and lists, ${colorScheme}, ${width} px`, async ({
      playground,
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await solved(playground, '&priorScales=1,2,1&figure=deviations');
      for (const more of await page.locator('details summary').all()) {
        if (await more.isVisible()) await more.click();
      }
      for (const drawer of await page.locator('button[aria-expanded="false"]').all()) {
        if (await drawer.isVisible()) await drawer.click();
      }
      expect(await violations(page)).toEqual([]);
    });
  }
}
