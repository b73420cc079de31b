import { violations } from './accessibility.ts';
import { expect, test } from './playground.ts';

const experiments = [
  'sum-of-gaussians',
  'two-cities',
  'compositions',
  'comparison',
  'bump',
  'bump-sweep',
  'em-mixture',
  'sparse-mixture',
  'bayesian-mixture',
  'race',
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing, ${colorScheme}, ${width} px`, async ({ playground, page }) => {
      test.setTimeout(180_000);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
      for (const name of experiments) {
        await playground.openExperiment(name);
        // Out of sight nothing would run.
        await page.evaluate(() => scrollTo(0, 0));
        await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
        // The comparison waits for its button.
        if (name === 'comparison') await expect(playground.button('Start')).toBeEnabled();
        else await expect.poll(() => playground.value('iteration')).toBeGreaterThan(0);
        for (const drawer of await page.locator('.drawer-head button:visible').all()) {
          if ((await drawer.getAttribute('aria-expanded')) === 'false') await drawer.click();
        }
        for (const summary of await page.locator('summary:visible').all()) await summary.click();
        expect(await violations(page), name).toEqual([]);
      }
    });
  }
}

test('a live region says how the fit stands and what came out', async ({ playground, page }) => {
  await playground.open();
  const said = page.locator('.announcer');
  await expect(said).toHaveText(/^Running/);
  await playground.fastest();
  await expect(said).toHaveText(/^Converged\. Iteration \d+, Log-likelihood −4\.155 a point/);
  await expect(page.locator('canvas[role="img"]')).toHaveAttribute('aria-label', /iteration \d+/i);
});

test('reduced motion starts paused and stills what is animated', async ({ playground, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await playground.open();
  await playground.status('Paused');
  await expect(playground.output('iteration')).toHaveText('0');
  const moving = await page.evaluate(() => {
    const root = document.querySelector('gaussian-playground')?.shadowRoot;
    return [...(root?.querySelectorAll('*') ?? [])].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return (
        transitionDuration.split(', ').some((part) => part !== '0s') || animationName !== 'none'
      );
    }).length;
  });
  expect(moving).toBe(0);
  // It plays when it is asked to.
  await playground.button('Play').click();
  await playground.moves();
});

test('several elements share one module, and only those in sight run', async ({
  playground,
  page,
}) => {
  const modules: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) modules.push(request.url());
  });
  await playground.open();
  await page.evaluate(() => {
    const spacer = document.createElement('div');
    spacer.style.height = '3000px';
    const second = document.createElement('gaussian-playground');
    second.setAttribute('experiment', 'sparse-mixture');
    second.setAttribute('controls', 'minimal');
    second.setAttribute('sparsity', '50');
    second.id = 'second';
    second.style.height = '400px';
    document.body.append(spacer, second);
  });
  const iteration = page.locator('#second output[name="iteration"]');
  const value = async (): Promise<number> => Number(await iteration.getAttribute('data-value'));
  await page.waitForTimeout(1500);
  expect(await value()).toBe(0);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect.poll(value).toBeGreaterThan(0);
  const first = page.locator('gaussian-playground').first().locator('output[name="iteration"]');
  const before = await first.getAttribute('data-value');
  await page.waitForTimeout(1000);
  expect(await first.getAttribute('data-value')).toBe(before);
  expect(modules).toHaveLength(1);
});

test('attributes are settings, and act while the fit runs', async ({ playground, page }) => {
  await playground.open();
  const element = page.locator('gaussian-playground');
  await element.evaluate((it) => it.setAttribute('components', '4'));
  await expect(playground.rows).toHaveCount(4);
  await element.evaluate((it) => it.setAttribute('covariance-type', 'tied'));
  await expect(playground.radio('Covariance', 'Tied')).toBeChecked();
  await element.evaluate((it) => it.setAttribute('theme', 'dark'));
  await expect
    .poll(() => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor))
    .toBe('rgb(15, 17, 21)');
});

test('the theme is chosen, and remembered', async ({ playground, page }) => {
  await playground.open();
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await playground.button('Theme: as the system').click();
  await playground.button('Theme: light').click();
  expect(await background()).toBe('rgb(15, 17, 21)');
  await page.reload();
  await expect(playground.button('Theme: dark')).toBeVisible();
  expect(await background()).toBe('rgb(15, 17, 21)');
  await playground.button('Theme: dark').click();
  expect(await background()).toBe('rgb(255, 255, 255)');
});
