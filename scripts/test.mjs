// npm test: every check of this repository, the quick ones first. A failing
// step does not stop the others. The last line sums up:
//   N passed, N failed, N skipped

import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromedriver } from './browser.mjs';
import { buildPage, buildWasm } from './build.mjs';
import { Failure, isMain, root, run, seconds } from './common.mjs';
import { target } from './rust.mjs';
import { setup } from './setup.mjs';

/**
 * What one step found out.
 * @typedef {{ passed: number, failed: number, skipped: number, output?: string, lines?: string[] }} Result
 */

const none = { passed: 0, failed: 0, skipped: 0 };

/** Programs that pass or fail as a whole count as one test. */
async function check(...commands) {
  let output = '';
  let ok = true;
  for (const [command, ...args] of commands) {
    const result = await run(command, args);
    output += result.output;
    ok &&= result.code === 0;
  }
  return { ...none, passed: ok ? 1 : 0, failed: ok ? 0 : 1, output };
}

/** Adds up the summary lines that Rust's test harness prints, one for each test program. */
function rustSummaries(output) {
  const summaries = [
    ...output.matchAll(/test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored/g),
  ];
  return summaries.map(([, passed, failed, skipped]) => ({
    passed: Number(passed),
    failed: Number(failed),
    skipped: Number(skipped),
  }));
}

function sum(results) {
  const total = { ...none };
  for (const { passed, failed, skipped } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** A runner that failed without naming a failed test, or ran none, counts as one failure. */
function settle(total, code, output, complaint) {
  const failed = total.failed || (code !== 0 || complaint ? 1 : 0);
  return { ...total, failed, output: complaint ? `${output}\n${complaint}\n` : output };
}

async function nativeTests() {
  const { code, output } = await run('cargo', ['test', '--no-fail-fast']);
  const lines = output.split('\n').filter((line) => line.startsWith('reference:'));
  // The reference program is no part of the harness and sums up in a line of its own.
  const reference = lines.at(-1)?.match(/(\d+) files?, (\d+) cases?, (\d+) skipped/);
  const harness = sum(rustSummaries(output));
  const total = { ...harness };
  let complaint;
  if (reference) {
    total.passed += Number(reference[2]);
    total.skipped += Number(reference[3]);
  }
  if (harness.passed === 0) complaint = 'No Rust test ran.';
  if (!reference || Number(reference[2]) === 0) complaint = 'No reference case ran.';
  return { ...settle(total, code, output, complaint), lines };
}

/** One test program of tests/, run by Chromium. */
async function browserTests(name) {
  const driver = chromedriver();
  if (!driver) return { ...none, failed: 1, output: 'chromedriver is missing.\n' };
  const { code, output } = await run('wasm-pack', [
    'test',
    ...['--headless', '--chrome', '--chromedriver', driver, '--mode', 'no-install'],
    ...['--', '--test', name],
  ]);
  const total = sum(rustSummaries(output));
  const complaint = total.passed + total.failed === 0 ? 'No test ran.' : undefined;
  return settle(total, code, output, complaint);
}

/** Some port that is free now. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * The tests that failed once and then passed, by name: they count as passed and are to be looked at.
 * @param {any[]} suites of Playwright's report
 * @returns {string[]}
 */
function secondTries(suites) {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs
      .filter((/** @type {any} */ { tests }) =>
        tests.some((/** @type {any} */ { status }) => status === 'flaky'),
      )
      .map((/** @type {any} */ { file, title }) => `passed at the second try: ${file}: ${title}`),
    ...secondTries(inner),
  ]);
}

/**
 * Playwright's tests of one project, so many pages at a time.
 * @param {'page' | 'articles'} project
 * @param {number} workers
 */
async function endToEnd(project, workers) {
  const report = join(root, 'test-results', 'e2e.json');
  rmSync(report, { force: true });
  const options = [`--project=${project}`, `--workers=${workers}`];
  const { code, output } = await run('playwright', ['test', ...options], {
    env: { ...process.env, E2E_PORT: String(await freePort()) },
  });
  let total = none;
  try {
    const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'));
    total = {
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
      lines: secondTries(suites),
    };
  } catch {
    // No report: the run itself failed.
  }
  const complaint = total.passed + total.failed === 0 ? 'No end-to-end test ran.' : undefined;
  return settle(total, code, output, complaint);
}

let built = false;

async function productionBuild() {
  await buildWasm();
  await buildPage();
  built = true;
  return { ...none, passed: 1 };
}

function needsBuild(action) {
  return async () =>
    built ? action() : { ...none, failed: 1, output: 'Not run: there is no build.\n' };
}

const clippy = ['cargo', 'clippy', '--all-targets'];
const deny = ['--', '-D', 'warnings'];

/** @type {[string, () => Promise<Result>][]} */
const steps = [
  ['Rust format', () => check(['cargo', 'fmt', '--check'])],
  ['Biome format and lint', () => check(['biome', 'ci', '--error-on-warnings'])],
  ['Clippy, native', () => check([...clippy, ...deny])],
  ['Clippy, WebAssembly', () => check([...clippy, '--target', target, ...deny])],
  ['Rust tests, native', nativeTests],
  ['Production build', productionBuild],
  [
    'TypeScript types',
    needsBuild(() => check(['tsc', '--noEmit'], ['tsc', '--noEmit', '-p', 'tsconfig.node.json'])),
  ],
  ['Rust tests, in a page', () => browserTests('browser')],
  ['Rust tests, in a Worker', () => browserTests('worker')],
  ['CPU against GPU, by WebGPU in a Worker', () => browserTests('device')],
  ['End-to-end tests', needsBuild(() => endToEnd('page', 1))],
  ['Links of the articles, followed', needsBuild(() => endToEnd('articles', 2))],
];

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    const output = error instanceof Failure ? error.message : String(error.stack);
    return { ...none, failed: 1, output };
  }
}

async function main() {
  const start = performance.now();
  const total = { ...none };
  const add = (result) => Object.assign(total, sum([total, result]));

  // A missing tool is a failure, and what needs it will fail as well and say so.
  const ready = await attempt(async () => {
    await setup({ tests: true });
    return none;
  });
  add(ready);
  if (ready.failed) console.log(`\n${ready.output}\n`);

  console.log('Testing');
  for (const [name, action] of steps) {
    const stepStart = performance.now();
    const result = await attempt(action);
    add(result);
    const { passed, failed, skipped } = result;
    const skips = skipped ? `, ${skipped} skipped` : '';
    const fails = failed ? `, ${failed} FAILED` : '';
    console.log(`  ${name}: ${passed} passed${fails}${skips} (${seconds(stepStart)})`);
    for (const line of result.lines ?? []) console.log(`    ${line}`);
    if (failed) console.log(`\n${(result.output ?? '').trimEnd()}\n`);
  }

  console.log(`\nAll steps took ${seconds(start)}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed ? 1 : 0;
}

if (isMain(import.meta.url)) await main();
