import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Frame, type Locator, type Page, test } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';

// The playground in posts of another site, which is a second server here.

const root = join(import.meta.dirname, '../..');
const dir = join(root, 'test-results/posts');

let site: { url: string; close(): void };

/** The example post as another site would have it, with its frames on this playground. */
function publish(playground: string): void {
  const post = readFileSync(join(root, 'dist/examples/blog.html'), 'utf8');
  const elsewhere = post.replaceAll('../', playground);
  expect(elsewhere.split(`src="${playground}embed.html#v=1&amp;experiment=`)).toHaveLength(3);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'post.html'), elsewhere);
  writeFileSync(
    join(dir, 'sandboxed.html'),
    elsewhere.replaceAll('<iframe', '<iframe sandbox="allow-scripts"'),
  );
  writeFileSync(join(dir, 'blog.css'), readFileSync(join(root, 'dist/examples/blog.css')));
  const element = (experiment: string): string =>
    `<gaussian-playground experiment="${experiment}" controls="minimal" style="display: block; height: 464px"></gaussian-playground>`;
  writeFileSync(
    join(dir, 'elements.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Two elements</title>
    <link rel="icon" href="${playground}assets/icon.svg">
    <script src="${playground}gaussian-playground.js" async></script>
    <body style="height: 3000px">${element('em-mixture')}<p>And</p>${element('sparse-mixture')}</body></html>`,
  );
}

test.beforeAll(async ({ baseURL }) => {
  if (baseURL === undefined) throw new Error('There is no playground.');
  publish(baseURL);
  site = await serve({ dir });
});
test.afterAll(() => site.close());

/** All that should not be said or sent. */
function watch(page: Page): { problems: string[]; core: () => number } {
  const problems: string[] = [];
  let core = 0;
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (/\.wasm(\.js)?$/.test(response.url())) core += 1;
    const headers = response.headers();
    for (const name of [
      'cross-origin-opener-policy',
      'cross-origin-embedder-policy',
      'cross-origin-resource-policy',
      'access-control-allow-origin',
    ]) {
      if (name in headers) problems.push(`${name} on ${response.url()}`);
    }
  });
  return { problems, core: () => core };
}

/** Resolves once the element's fit has moved on from where it was. */
async function fits(element: Locator): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  // What a figure has no room for is there all the same, but not seen.
  const iteration = element.locator('output[name="iteration"]');
  const value = async (): Promise<number> => Number(await iteration.getAttribute('data-value'));
  await expect.poll(value).toBeGreaterThan(0);
  const before = await value();
  await expect.poll(value).toBeGreaterThan(before);
}

/** The experiment that a frame's link names. */
const experimentOf = (frame: Frame): string | null =>
  new URLSearchParams(new URL(frame.url()).hash.slice(1)).get('experiment');

for (const [name, origin] of [
  ['post.html', undefined],
  ['sandboxed.html', 'null'],
] as const) {
  test(`both experiments of ${name} fit, from another origin and without headers`, async ({
    page,
    baseURL,
  }) => {
    const { problems } = watch(page);
    await page.goto(`${site.url}${name}`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    const frames: string[] = [];
    for (const place of await page.locator('iframe').all()) {
      // Frames load when they come near.
      await place.scrollIntoViewIfNeeded();
      await expect(place).toHaveAttribute('title', /\w/);
      const content = place.contentFrame();
      const element = content.locator('gaussian-playground');
      await fits(element);
      const frame = await (await place.elementHandle())?.contentFrame();
      if (!frame) throw new Error('The frame is empty.');
      expect(await frame.evaluate(() => self.origin)).toBe(origin ?? new URL(baseURL ?? '').origin);
      frames.push(String(experimentOf(frame)));
      const background = await frame.evaluate(
        () => getComputedStyle(document.documentElement).backgroundColor,
      );
      expect(background).toBe('rgb(255, 254, 251)');
      await expect(element).toHaveAttribute('controls', 'minimal');
      await expect(element).toHaveAttribute('theme', 'light');
      const whole = content.getByRole('link', { name: 'Open in the playground' });
      const { href } = new URL('index.html', baseURL);
      const link = `${href}#v=1&experiment=${experimentOf(frame)}&dataset=`;
      await whole.hover();
      await expect.poll(() => whole.getAttribute('href')).toContain(link);
    }
    expect(frames).toEqual(['em-mixture', 'sparse-mixture']);
    expect(problems).toEqual([]);
  });
}

test('elements from another site’s script fit, and share one compiled core', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const { problems, core } = watch(page);
  await page.goto(`${site.url}elements.html`);
  const elements = page.locator('gaussian-playground');
  await expect(elements).toHaveCount(2);
  for (const element of await elements.all()) await fits(element);
  expect(page.workers()).toHaveLength(2);
  expect(core()).toBe(1);
  expect(problems).toEqual([]);
});

test('elements of the playground’s own site share one compiled core', async ({ page }) => {
  const { problems, core } = watch(page);
  await page.goto('./');
  await page.evaluate(() => document.body.append(document.createElement('gaussian-playground')));
  const elements = page.locator('gaussian-playground');
  await expect(elements).toHaveCount(2);
  await fits(elements.first());
  await fits(elements.last());
  expect(page.workers()).toHaveLength(2);
  expect(core()).toBe(1);
  expect(problems).toEqual([]);
});

test('a server that misnames the core’s type costs only time', async ({ page }) => {
  const { problems } = watch(page);
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, contentType: 'application/octet-stream' });
  });
  await page.goto('./');
  await fits(page.locator('gaussian-playground'));
  expect(problems).toEqual([]);
});

test('a frame takes its colours from its link', async ({ page }) => {
  const colours = async (link: string): Promise<string[]> => {
    // Another page between them, since a change of the hash alone is not a load.
    await page.goto('about:blank');
    await page.goto(`./embed.html#v=1${link}`);
    return page.evaluate(() => {
      const element = document.querySelector('gaussian-playground') ?? document.body;
      const { colorScheme } = getComputedStyle(element);
      const { backgroundColor } = getComputedStyle(document.documentElement);
      return [colorScheme, backgroundColor, element.getAttribute('theme') ?? ''];
    });
  };
  expect(await colours('&page=141414')).toEqual(['dark', 'rgb(20, 20, 20)', 'dark']);
  expect(await colours('&page=fffefb&theme=dark')).toEqual(['dark', 'rgb(255, 254, 251)', 'dark']);
  expect(await colours('')).toEqual(['light dark', 'rgba(0, 0, 0, 0)', 'auto']);
});

test('a frame that is given another link shows another experiment', async ({ page }) => {
  await page.goto('./embed.html#v=1&experiment=em-mixture');
  const element = page.locator('gaussian-playground');
  await fits(page.locator('gaussian-playground'));
  await page.evaluate(() => {
    location.hash = 'v=1&experiment=sparse-mixture&sparsity=50';
  });
  await expect(element).toHaveAttribute('experiment', 'sparse-mixture');
  await expect(element).toHaveAttribute('link', 'v=1&experiment=sparse-mixture&sparsity=50');
  await fits(page.locator('gaussian-playground'));
});
