import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as alone } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { violations } from './accessibility.ts';
import { expect, type Playground, test } from './playground.ts';

// Many fits in the background, and what came of them.

/** Eight fits: two sizes under four conditions, on one data set. */
const custom =
  'experiment=comparison&size=custom&mostComponents=4&dataSets=1&starts=1&points=500&batchSize=100';

async function open(playground: Playground, parameters: string): Promise<void> {
  await playground.page.goto(`./#v=1&${parameters}`);
  await expect(playground.button('Start')).toBeEnabled();
}

/** One row of the table: what the fits of one size under one condition came to. */
async function cell(
  { page }: Playground,
  condition: string,
  components: number,
): Promise<{ mean: number; least: number; n: number }> {
  const row = page.locator(
    `.results tbody[data-condition="${condition}"] tr[data-components="${components}"]`,
  );
  const number = async (column: number): Promise<number> =>
    Number(await row.locator('td').nth(column).getAttribute('data-value'));
  const n = Number(await row.locator('td').nth(2).textContent());
  return { mean: await number(0), least: await number(1), n };
}

/** The file with one row a cell, as objects by its header. */
async function download({ page }: Playground): Promise<Record<string, string>[]> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const file = await (await waiting).path();
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    expect(cells).toHaveLength(names.length);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

const fits = (playground: Playground): Promise<number> => playground.value('fits');

test('its cost is told before anything runs', async ({ playground, page }) => {
  await open(playground, 'experiment=comparison');
  const cost = page.locator('.cost');
  await expect(cost).toContainText(
    '32 fits: 4 conditions × 4 sizes (K = 2, 4, 8, 16) × 2 data sets × 1 start. 480 million pairs',
  );
  await expect(cost).toHaveText(/about .+ on \d+ cores?\.$/);
  await expect(playground.output('status')).toHaveText('Ready');
  expect(page.workers()).toHaveLength(1);
  await playground.radio('Size', 'Full').click();
  await expect(cost).toContainText('896 fits: 4 conditions × 7 sizes');
  await expect.poll(() => new URL(page.url()).hash).toContain('size=full');
  await page.reload();
  await expect(cost).toContainText('896 fits');
  await expect(playground.output('status')).toHaveText('Ready');
});

test('it runs, is paused, survives another experiment, and ends with the numbers of single fits', async ({
  playground,
  page,
}) => {
  test.setTimeout(180_000);
  await open(playground, `${custom}&epochs=4000`);
  await playground.button('Start').click();
  await expect(playground.output('status')).toHaveText('Running');
  await expect
    .poll(() => page.locator('progress').evaluate((bar) => (bar as HTMLProgressElement).value))
    .toBeGreaterThan(0);

  // Paused, nothing goes on: also what had just begun stands still, and would be over in this time.
  await expect.poll(() => fits(playground), { intervals: [50] }).toBeGreaterThan(0);
  await playground.button('Pause').click();
  await expect(playground.output('status')).toHaveText('Paused');
  await page.waitForTimeout(200);
  const paused = await fits(playground);
  expect(paused).toBeLessThan(8);
  await page.waitForTimeout(4000);
  expect(await fits(playground)).toBe(paused);
  await playground.button('Go on').click();

  // Another experiment is shown meanwhile, and the tab is hidden.
  await page.getByRole('link', { name: 'EM mixture' }).click();
  await expect(playground.output('backend')).toHaveText('CPU');
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.getByRole('link', { name: 'Comparison' }).click();
  await expect.poll(() => fits(playground)).toBeGreaterThan(paused);
  await expect(playground.output('status')).toHaveText('Done', { timeout: 90_000 });
  expect(await fits(playground)).toBe(8);
  await expect(page.locator('.announcer')).toHaveText(
    /^The comparison is over\. Least mean test error: [\d.·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+, .+, [24] Gaussians\.$/,
  );
  // A mark for each size under each condition.
  await expect(page.locator('.point-mark')).toHaveCount(8);

  // The file and the table say the same.
  const rows = await download(playground);
  expect(rows).toHaveLength(8);
  for (const row of rows) {
    const shown = await cell(playground, row.condition ?? '', Number(row.learnedK));
    expect(shown).toEqual({ mean: Number(row.testMse), least: Number(row.testMse), n: 1 });
    expect(row.failure).toBe('');
    expect(row.iterations).toBe(String(4000 * 5));
  }

  // So does each fit by itself: one by its settings, one by the link in the table.
  const alone = rows.find(({ condition, learnedK }) => condition === 'both' && learnedK === '4');
  const settings = Object.entries(alone ?? {})
    .filter(([name, value]) => name.startsWith('setting:') && value !== '')
    .map(([name, value]) => `${name.slice('setting:'.length)}=${value}`);
  await playground.openLink(`experiment=sum-of-gaussians&${settings.join('&')}`);
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 30_000 });
  expect(await playground.value('iteration')).toBe(Number(alone?.iterations));
  expect(await playground.value('test')).toBe(Number(alone?.testMse));
  expect(await playground.value('objective')).toBe(Number(alone?.trainMse));

  await page.getByRole('link', { name: 'Comparison' }).click();
  const least = (await cell(playground, 'none', 4)).least;
  await page
    .locator('.results tbody[data-condition="none"] tr[data-components="4"]')
    .getByRole('link')
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sum of Gaussians');
  await expect(playground.output('status')).toHaveText('Stopped', { timeout: 30_000 });
  expect(await playground.value('test')).toBe(least);
});

test('cancelled, it keeps what came so far and can be started anew', async ({
  playground,
  page,
}) => {
  await open(playground, `${custom}&epochs=3000`);
  await playground.button('Start').click();
  await expect.poll(() => fits(playground)).toBeGreaterThan(0);
  await playground.button('Cancel').click();
  await expect(playground.output('status')).toHaveText('Cancelled');
  const kept = await fits(playground);
  expect(kept).toBeLessThan(8);
  await page.waitForTimeout(1000);
  expect(await fits(playground)).toBe(kept);
  // One Worker stays, for questions.
  await expect.poll(() => page.workers().length).toBe(1);
  await playground.type('True Gaussians', '3');
  await expect(page.locator('.cost')).toContainText('those of other settings');
  await playground.button('Start anew').click();
  await expect(playground.output('status')).toHaveText('Running');
  await expect(page.locator('.cost')).not.toContainText('other settings');
  await playground.button('Cancel').click();
  await expect(playground.output('status')).toHaveText('Cancelled');
});

test('a Worker that dies costs one fit, which is counted, listed and not averaged', async ({
  playground,
  page,
}) => {
  playground.allowed.push(/unreachable executed/);
  await open(playground, `${custom}&epochs=4000`);
  await playground.button('Start').click();
  await expect(playground.output('status')).toHaveText('Running');
  await page
    .workers()
    .at(-1)
    ?.evaluate(() => {
      setTimeout(() => {
        throw new WebAssembly.RuntimeError('unreachable executed');
      });
    });
  await expect(playground.output('status')).toHaveText('Done', { timeout: 45_000 });
  await expect(page.locator('.failures summary')).toHaveText('1 fit failed and not averaged');
  const rows = await download(playground);
  expect(rows).toHaveLength(8);
  const failed = rows.filter(({ failure }) => failure !== '');
  expect(failed).toHaveLength(1);
  // What failed is listed with the way to it, and does not count.
  await page.locator('.failures summary').click();
  const item = page.locator('.failures li');
  await expect(item).toHaveText(/K = [24], data set 1, start 1: It broke down: /);
  await expect(item.getByRole('link')).toHaveAttribute('href', /#v=1&experiment=sum-of-gaussians&/);
  for (const { condition = '', learnedK, failure } of rows) {
    const { n } = await cell(playground, condition, Number(learnedK));
    expect(n).toBe(failure === '' ? 1 : 0);
  }
});

test('the chart is read with the arrows', async ({ playground, page }) => {
  await open(playground, `${custom}&epochs=20`);
  await playground.button('Start').click();
  await expect(playground.output('status')).toHaveText('Done');
  const note = page.locator('.comparison-note');
  await page.locator('.point-mark[tabindex="0"]').focus();
  await expect(note).toContainText('No penalty, 2 Gaussians: test MSE');
  await page.keyboard.press('ArrowRight');
  await expect(note).toContainText('No penalty, 4 Gaussians: test MSE');
  await page.keyboard.press('ArrowDown');
  await expect(note).toContainText('4 Gaussians: test MSE');
  await expect(note).not.toContainText('No penalty');
  await page.keyboard.press('Tab');
  await expect(note.getByRole('link', { name: 'Open the best of them' })).toBeFocused();
});

alone('it runs in a sandboxed frame of another site', async ({ page, baseURL }) => {
  const dir = join(import.meta.dirname, '../../test-results/comparison-post');
  mkdirSync(dir, { recursive: true });
  const source = `${baseURL}embed.html#v=1&${custom}&epochs=20`.replaceAll('&', '&amp;');
  writeFileSync(
    join(dir, 'post.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>A post</title>
    <link rel="icon" href="data:,">
    <iframe sandbox="allow-scripts" src="${source}" width="680" height="464" title="Comparison"></iframe></html>`,
  );
  const site = await serve({ dir });
  const problems: string[] = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  await page.goto(`${site.url}post.html`);
  const frame = page.locator('iframe').contentFrame();
  await frame.getByRole('button', { name: 'Start' }).click();
  await expect(frame.locator('output[name="status"]')).toHaveText('Done');
  await expect(frame.locator('.point-mark')).toHaveCount(8);
  expect(problems).toEqual([]);
  site.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`axe finds nothing in the comparison, ${colorScheme}, ${width} px`, async ({
      playground,
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await open(playground, `${custom}&epochs=20&learningRate=1000`);
      await playground.button('Start').click();
      await expect(playground.output('status')).toHaveText('Done');
      for (const drawer of await page.locator('.drawer-head button:visible').all()) {
        await drawer.click();
      }
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  }
}
