import { defineConfig } from '@playwright/test';
import { chromiumArgs, systemChromium } from './scripts/browser.mjs';

// The page must work from any path of a site, so it is tested under one.
const base = '/some/blog/playground/';
const port = Number(process.env.E2E_PORT ?? 4199);
const url = `http://127.0.0.1:${port}${base}`;
const executablePath = systemChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  // One page at a time, since some tests look at how smooth it is; those of the articles only wait, and may share.
  workers: 1,
  projects: [
    { name: 'page', testIgnore: 'articles.spec.ts' },
    { name: 'articles', testMatch: 'articles.spec.ts' },
  ],
  forbidOnly: true,
  // On a busy machine a test may race with the page. What passes only at the second try is named in the report.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: url,
    screenshot: 'only-on-failure',
    launchOptions: { args: chromiumArgs, ...(executablePath ? { executablePath } : {}) },
    // Playwright's own browser: the full one, since its smaller headless shell has no WebGPU.
    ...(executablePath ? {} : { channel: 'chromium' }),
  },
  webServer: {
    command: `node scripts/serve.mjs --port ${port} --base ${base} --policy`,
    url,
    reuseExistingServer: false,
  },
});
