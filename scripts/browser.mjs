// The browser and driver that the tests and benchmarks use: the system's where
// there is one, else Playwright's own Chromium.

import { existsSync } from 'node:fs';
import { capture, Failure, isDebian, isRoot, run, which } from './common.mjs';

const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'];
const macChrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * The system's Chromium, or undefined where Playwright's own is to be used.
 * CHROMIUM in the environment names another one.
 * @returns {string | undefined}
 */
export function systemChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of names) {
    const file = which(name);
    if (file) return file;
  }
  return existsSync(macChrome) ? macChrome : undefined;
}

/** @returns {string | undefined} */
export function chromedriver() {
  return process.env.CHROMEDRIVER || which('chromedriver');
}

/** Arguments for every Chromium started here: WebGPU on, and no calls home. */
export const chromiumArgs = [
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Whether Playwright's own Chromium is installed. */
function playwrightChromium() {
  const script = "import('@playwright/test').then((p) => console.log(p.chromium.executablePath()))";
  const file = capture(process.execPath, ['-e', script])?.trim();
  return file && existsSync(file) ? file : undefined;
}

export async function browser() {
  let note = 'already there';
  if (isDebian && isRoot && (!systemChromium() || !chromedriver())) {
    await run('apt-get', ['update']);
    await run('apt-get', [
      'install',
      '-y',
      '--no-install-recommends',
      'chromium',
      'chromium-driver',
    ]);
    note = 'installed';
  }
  if (!systemChromium() && !playwrightChromium()) {
    await run('npx', ['playwright', 'install', '--no-shell', 'chromium']);
    note = 'installed';
  }
  if (!systemChromium() && !playwrightChromium()) {
    throw new Failure('No browser: install Chromium or Chrome, so that `chromium` is on PATH.');
  }
  if (!chromedriver()) {
    throw new Failure(
      'chromedriver is missing: install the one of your Chromium or Chrome version and ' +
        'put it on PATH, or name it in the environment variable CHROMEDRIVER.',
    );
  }
  return note;
}
