// npm run screenshots: pictures of every experiment, the embedded page and the example post from
// dist/, for looking at. Build first.

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { chromiumArgs, systemChromium } from './browser.mjs';
import { Failure, isMain, main, root } from './common.mjs';
import { serve } from './serve.mjs';

/** Milliseconds for which a fit runs before its picture is taken. */
const runs = 5000;

const sizes = [
  { name: '1280', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  {
    name: '390',
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
];
const colorSchemes = ['light', 'dark'];

/** The names of the experiments, from the page's own table. */
async function experimentNames() {
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const { experiments } = await vite.ssrLoadModule('/www/experiments/index.ts');
    return experiments.map(({ name }) => name);
  } finally {
    await vite.close();
  }
}

/** Every picture: its name, the page, and how that is seen. */
function pictures(names) {
  const all = [];
  for (const { name: size, ...seen } of sizes) {
    for (const colorScheme of colorSchemes) {
      for (const name of names) {
        const path = `index.html#v=1&experiment=${name}`;
        all.push({ file: `${name}-${size}-${colorScheme}`, path, seen: { ...seen, colorScheme } });
      }
    }
    all.push({ file: `blog-${size}`, path: 'examples/blog.html', seen, fullPage: true });
  }
  const frame = { viewport: { width: 680, height: 464 }, deviceScaleFactor: 2 };
  for (const page of ['fffefb', '141414']) {
    const path = `embed.html#v=1&experiment=em-mixture&page=${page}`;
    all.push({ file: `embed-${page}`, path, seen: frame });
  }
  return all;
}

/** Lets frames load that wait until they are seen, and their fits run. */
async function lookAtFrames(page) {
  for (const frame of await page.locator('iframe').all()) {
    await frame.scrollIntoViewIfNeeded();
    await page.waitForTimeout(runs);
  }
  await page.evaluate(() => scrollTo(0, 0));
}

if (isMain(import.meta.url)) {
  main(async () => {
    if (!existsSync(join(root, 'dist/index.html'))) {
      throw new Failure('There is no dist/: run `npm run build` first.');
    }
    const dir = join(root, 'screenshots');
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    const names = await experimentNames();
    const { url, close } = await serve({});
    const executablePath = systemChromium();
    const browser = await chromium.launch({
      args: chromiumArgs,
      ...(executablePath ? { executablePath } : { channel: 'chromium' }),
    });
    for (const { file, path, seen, fullPage = false } of pictures(names)) {
      const page = await browser.newPage(seen);
      await page.goto(url + path);
      if (fullPage) await lookAtFrames(page);
      else await page.waitForTimeout(runs);
      await page.screenshot({ path: join(dir, `${file}.png`), fullPage });
      await page.close();
    }
    await browser.close();
    close();
    console.log(`The pictures are in ${dir}`);
  });
}
