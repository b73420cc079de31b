// Gets everything that building needs, and with `--tests` what testing needs
// too. Idempotent: where nothing is missing it ends at once.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser } from './browser.mjs';
import {
  contentHash,
  Failure,
  isMain,
  main,
  mustRun,
  prependPath,
  root,
  seconds,
  step,
} from './common.mjs';
import { cCompiler, rustToolchain, wasmBindgen, wasmPack, wasmTarget } from './rust.mjs';

const minimumNode = [20, 19];

function nodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
    throw new Failure(
      `Node ${process.versions.node} is too old: install Node ${minimumNode.join('.')} or newer.`,
    );
  }
  return process.versions.node;
}

/** `npm ci`, when the lock file is another than the one last installed. */
async function npmPackages() {
  const stamp = join(root, 'node_modules', '.installed-lock');
  const lock = contentHash(['package-lock.json']);
  try {
    if (readFileSync(stamp, 'utf8') === lock) return 'already there';
  } catch {
    // Nothing installed yet.
  }
  await mustRun('npm', ['ci']);
  writeFileSync(stamp, lock);
  return 'installed';
}

/**
 * Runs all steps. Also puts the tools' folders on this process's PATH.
 * @param {{ tests?: boolean }} options
 */
export async function setup({ tests = false } = {}) {
  const start = performance.now();
  console.log('Setting up');
  await step('Node', nodeVersion);
  // wasm-pack looks for wasm-opt on PATH.
  prependPath(join(root, 'node_modules', '.bin'));
  await step('C compiler', cCompiler);
  await step('Rust', rustToolchain);

  // The tools take minutes the first time: everything else goes on beside them.
  const tools = async () => {
    await step('wasm-bindgen', wasmBindgen);
    await step('wasm-pack', wasmPack);
  };
  const packages = async () => {
    await step('npm packages', npmPackages);
    // Playwright, which may have to fetch the browser, is one of the packages.
    if (tests) await step('Chromium and chromedriver', browser);
  };
  const results = await Promise.allSettled([
    tools(),
    step(`Rust target for WebAssembly`, wasmTarget),
    packages(),
  ]);
  const failures = results.filter(({ status }) => status === 'rejected');
  if (failures.length > 0) {
    const unexpected = failures.find(({ reason }) => !(reason instanceof Failure));
    if (unexpected) throw unexpected.reason;
    throw new Failure(failures.map(({ reason }) => reason.message).join('\n'));
  }
  console.log(`Set-up is complete (${seconds(start)})\n`);
}

if (isMain(import.meta.url)) {
  main(() => setup({ tests: process.argv.includes('--tests') }));
}
