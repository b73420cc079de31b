// The page that a benchmark in the browser runs on.

import { chromiumArgs, systemChromium } from '../scripts/browser.mjs';
import { root } from '../scripts/common.mjs';
import { serve } from '../scripts/serve.mjs';

/** Opens a page of this folder and waits until it has put the function `measure` into its window. */
export async function openPage(file, measure) {
  // From the packages that set-up has just installed.
  const { chromium } = await import('@playwright/test');
  const executablePath = systemChromium();
  const server = await serve({ dir: root });
  const browser = await chromium.launch({
    args: chromiumArgs,
    ...(executablePath ? { executablePath } : { channel: 'chromium' }),
  });
  const page = await browser.newPage();
  await page.goto(`${server.url}benches/${file}`);
  await page.waitForFunction((name) => window[name], measure);
  return {
    measure: (...args) => page.evaluate(([name, args]) => window[name](...args), [measure, args]),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
