import { expect, test } from '@playwright/test';

test('the page loads from a sub-path without errors or warnings', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => problems.push(`request failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });

  const wasm = page.waitForResponse((response) => response.url().endsWith('.wasm'));
  const document = await page.goto('./');
  // All end-to-end tests run under it.
  expect(document?.headers()['content-security-policy']).toBe(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  );
  await expect(page).toHaveTitle(/Gaussian Playground/);
  expect((await wasm).headers()['content-type']).toBe('application/wasm');
  await page.waitForLoadState('networkidle');
  expect(problems).toEqual([]);
});
