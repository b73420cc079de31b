// npm run bench: how many pairs of a point and a Gaussian one EM iteration
// handles per second, on one thread: WebAssembly in Chromium, native code, and
// scikit-learn, all on the same data from the same start.
//   npm run bench -- [--rounds 7] [--iterations 30]

import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWasm } from '../scripts/build.mjs';
import { capture, Failure, main, mustRun, root, step } from '../scripts/common.mjs';
import { setup } from '../scripts/setup.mjs';
import { openPage } from './browser.mjs';

const scikitLearn = 'scikit-learn==1.9.1';
const venv = join(root, 'benches', '.venv');
const python = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const out = join(root, 'benches', 'out');
const data = join(out, 'moments.f64');

/** A Python environment of the benchmark's own. */
async function pythonEnvironment() {
  const works = () => capture(python, ['-c', 'import sklearn; print(sklearn.__version__)']);
  if (works()?.trim() === scikitLearn.split('==')[1]) return 'already there';
  const system = ['python3', 'python'].find((name) => capture(name, ['--version']));
  if (!system) throw new Failure('Python is missing: install Python 3.11 or newer.');
  await mustRun(system, ['-m', 'venv', '--clear', venv]);
  await mustRun(python, ['-m', 'pip', 'install', '--quiet', scikitLearn]);
  return 'installed';
}

const example = ['run', '--release', '--quiet', '--example', 'moments_bench', '--'];

/** Each side returns pairs per second for a number of iterations. */
function native(iterations) {
  return lastJson(mustRun('cargo', [...example, String(iterations)]));
}

function sklearn(iterations) {
  const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  return lastJson(
    mustRun(python, [join('benches', 'sklearn_em.py'), data, String(iterations)], {
      env: { ...process.env, ...oneThread },
    }),
  );
}

async function lastJson(output) {
  const line = (await output).trimEnd().split('\n').at(-1);
  return JSON.parse(line).pairs_per_second;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const millions = (rate) => `${(rate / 1e6).toFixed(1)} M/s`.padStart(12);

main(async () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      iterations: { type: 'string', default: '30' },
    },
  });
  const rounds = Number(values.rounds);
  const iterations = Number(values.iterations);
  if (!(rounds >= 1 && iterations >= 1)) {
    throw new Failure('--rounds and --iterations must be at least 1.');
  }

  await setup({ tests: true });
  await step('WebAssembly', () => buildWasm());
  await step('scikit-learn', pythonEnvironment);
  await step('Native program and data', async () => {
    mkdirSync(out, { recursive: true });
    await mustRun('cargo', [...example, '1', '--write-data', data]);
    if (!existsSync(`${data}.json`)) throw new Failure('The native program wrote no data.');
  });

  const { measure: wasm, close } = await openPage('moments.html', 'benchMoments');
  const sides = { wasm, native, 'scikit-learn': sklearn };
  const names = Object.keys(sides);
  const rates = Object.fromEntries(names.map((name) => [name, []]));

  console.log(`\n${cpus()[0]?.model ?? 'Unknown processor'}, ${availableParallelism()} cores`);
  console.log(`Pairs per second on one thread, ${iterations} iterations each`);
  console.log(`round  ${names.map((name) => name.padStart(12)).join('  ')}`);
  try {
    // Warm: the browser compiles its fast code during the first call.
    await wasm(2);
    // Side by side in every round, so that a change of the machine's speed hits all alike.
    for (let round = 1; round <= rounds; round++) {
      for (const name of names) rates[name].push(await sides[name](iterations));
      const cells = names.map((name) => millions(rates[name].at(-1)));
      console.log(`${String(round).padStart(5)}  ${cells.join('  ')}`);
    }
  } finally {
    await close();
  }

  const cells = names.map((name) => millions(median(rates[name])));
  console.log(`median ${cells.join('  ')}\n`);
  for (const name of ['wasm', 'native']) {
    const ratios = rates[name].map((rate, round) => rate / rates['scikit-learn'][round]);
    console.log(
      `${name} / scikit-learn: ${median(ratios).toFixed(2)} (median of ${rounds} rounds)`,
    );
  }
});
