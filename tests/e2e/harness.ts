import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { serve } from '../../scripts/serve.mjs';

const root = join(import.meta.dirname, '../..');

/** A page of its own for parts of the element, bundled as the page is and served under its policy. */
export interface Harness {
  url: string;
  close(): void;
}

/** Bundles tests/e2e/harness/NAME.html with its script. */
export async function harness(name: string): Promise<Harness> {
  const dir = join(root, 'test-results', `harness-${name}`);
  await build({
    configFile: false,
    root: join(root, 'tests/e2e/harness'),
    base: './',
    logLevel: 'warn',
    build: {
      target: 'es2023',
      outDir: dir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, 'tests/e2e/harness', `${name}.html`) },
    },
  });
  const { url, close } = await serve({ dir, strict: true });
  return { url: `${url}${name}.html`, close };
}

/** All that a page should not have said. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
  return problems;
}
