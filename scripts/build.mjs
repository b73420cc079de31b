// Builds the WebAssembly package into pkg/ and the page into dist/.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash, Failure, isMain, main, mustRun, root, step, which } from './common.mjs';
import { setup } from './setup.mjs';

const rustSources = ['src', 'Cargo.toml', 'Cargo.lock', '.cargo', 'rust-toolchain.toml'];

/**
 * Runs wasm-pack unless pkg/ was built from just these sources.
 * @param {'release' | 'dev'} profile
 */
export async function buildWasm(profile = 'release') {
  const stamp = join(root, 'pkg', '.built-from');
  const wanted = `${profile} ${contentHash(rustSources)}`;
  try {
    if (readFileSync(stamp, 'utf8') === wanted) return 'up to date';
  } catch {
    // Never built, or interrupted.
  }
  rmSync(stamp, { force: true });
  // Without it wasm-pack would leave the module as it is and say little.
  if (!which('wasm-opt')) throw new Failure('wasm-opt is missing: run `npm ci`.');
  await mustRun('wasm-pack', [
    'build',
    ...['--target', 'web', `--${profile}`, '--out-dir', 'pkg', '--no-pack'],
    // Set-up has brought every tool: nothing may be downloaded here.
    ...['--mode', 'no-install'],
  ]);
  writeFileSync(stamp, wanted);
  return 'built';
}

export async function buildPage() {
  await mustRun('vite', ['build', '--logLevel', 'warn']);
}

export async function build() {
  console.log('Building');
  await step('WebAssembly', () => buildWasm());
  await step('Page', buildPage);
}

if (isMain(import.meta.url)) {
  main(async () => {
    await setup();
    await build();
    console.log('\nThe page is in dist/: any static web server can serve it, from any path.');
  });
}
