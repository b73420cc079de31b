// npm run recovery: how many of the Gaussians behind the problems of
// sog_problems.json are found from their points, and how fast.
//   npm run recovery -- [--noise 0.01] [--samples 5] [--wasm] [--method peaks]
// Noise is a standard deviation, in those of y. `--samples n` fits n further
// samples of points for each problem. REFERENCE_DIR names the folder of the
// file, by default tests/reference. Times are those of the fits alone, on one
// thread. The test error is that on 256 further points without noise. A
// component whose amplitude ended at 0 is not counted.
//
// Methods:
//   peaks                residual peaks, from the points alone
//   adam                 the sources' method: six components from the file's
//                        init_means_k6, upper triangular factors as in the
//                        authors' script, at first the identity, amplitudes at
//                        first 1, never below 0
//     --batch 2048         points a step (32 is Keras's default)
//     --penalties          L1 1e-3 on amplitudes and spread 1; without, none
//     --epochs 1000        passes over the points
//   levenberg-marquardt  least squares from the same starts, amplitudes never
//                        below 0, at most --epochs steps

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Failure, main, mustRun, root } from '../scripts/common.mjs';
import { cCompiler, rustToolchain, target, wasmBindgen, wasmTarget } from '../scripts/rust.mjs';

const build = ['build', '--release', '--example', 'recovery'];
const out = join(root, 'benches', 'out', 'recovery');

/** Builds the program natively; yields a result a fit. */
async function* native(settings, file) {
  await mustRun('cargo', build);
  const args = ['run', '--release', '--quiet', '--example', 'recovery', '--'];
  const child = spawn('cargo', [...args, JSON.stringify(settings), file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('close', done));
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
  if ((await ended) !== 0) throw new Failure('The native program failed.');
}

/** The same in WebAssembly, in Node. */
async function* wasm(settings, file) {
  await wasmTarget();
  await wasmBindgen();
  await mustRun('cargo', [...build, '--target', target]);
  mkdirSync(out, { recursive: true });
  const module = join(root, 'target', target, 'release', 'examples', 'recovery.wasm');
  await mustRun('wasm-bindgen', [module, '--target', 'nodejs', '--out-dir', out]);
  // The tool writes CommonJS, which the repository's package.json would make a module.
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type: 'commonjs' }));
  const { Run } = createRequire(import.meta.url)(join(out, 'recovery.js'));
  const run = new Run(JSON.stringify(settings), readFileSync(file, 'utf8'));
  // The engine compiles its fast code during the first fits.
  run.draw(0, 0);
  run.fit();
  for (let sample = 0; sample <= settings.samples; sample++) {
    for (let problem = 0; problem < run.problems(); problem++) {
      run.draw(problem, sample);
      const start = performance.now();
      run.fit();
      const milliseconds = performance.now() - start;
      yield { ...JSON.parse(run.count()), sample, milliseconds };
    }
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const sum = (results, of) => results.reduce((total, result) => total + of(result), 0);

function printLine(result) {
  const cells = [
    String(result.seed).padStart(7),
    `${result.recovered} of ${result.true}`.padStart(10),
    String(result.strict).padStart(7),
    String(result.components).padStart(11),
    result.train.toExponential(1).padStart(11),
    result.test.toExponential(1).padStart(10),
    `${result.milliseconds.toFixed(0)} ms`.padStart(10),
  ];
  console.log(cells.join('') + (result.trouble ? `  ${result.trouble}` : ''));
}

function printTotals(results) {
  const all = sum(results, (result) => result.true);
  const exact = sum(results, (result) => Number(result.components === result.true));
  console.log(`recovered: ${sum(results, (result) => result.recovered)} of ${all}`);
  console.log(`strict: ${sum(results, (result) => result.strict)} of ${all}`);
  console.log(`exactly as many components as true ones: ${exact} of ${results.length}`);
  const middle = (name) => median(results.map((result) => result[name]));
  console.log(`median train MSE: ${middle('train').toPrecision(2)}`);
  console.log(`median test MSE: ${middle('test').toPrecision(2)}`);
  console.log(`median time: ${middle('milliseconds').toFixed(0)} ms`);
}

main(async () => {
  const { values } = parseArgs({
    options: {
      noise: { type: 'string', default: '0' },
      samples: { type: 'string', default: '0' },
      wasm: { type: 'boolean', default: false },
      method: { type: 'string', default: 'peaks' },
      batch: { type: 'string', default: '2048' },
      penalties: { type: 'boolean', default: false },
      epochs: { type: 'string', default: '1000' },
    },
  });
  const noise = Number(values.noise);
  const samples = Number(values.samples);
  if (!(noise >= 0 && noise <= 10)) throw new Failure('--noise must be from 0 to 10.');
  if (!(Number.isInteger(samples) && samples >= 0 && samples <= 100)) {
    throw new Failure('--samples must be a whole number up to 100.');
  }
  const batch = Number(values.batch);
  const epochs = Number(values.epochs);
  for (const [name, number] of Object.entries({ batch, epochs })) {
    if (!(Number.isInteger(number) && number >= 1 && number <= 1e6)) {
      throw new Failure(`--${name} must be a whole number from 1 to 1000000.`);
    }
  }
  await cCompiler();
  await rustToolchain();
  const folder = resolve(root, process.env.REFERENCE_DIR || join('tests', 'reference'));
  const file = join(folder, 'sog_problems.json');
  const { method, penalties } = values;
  const settings = { noise, samples, method, batch, penalties, epochs };
  const how =
    method === 'adam' ? `, batch ${batch}, ${penalties ? 'with' : 'without'} penalties` : '';
  const where = values.wasm ? 'WebAssembly' : 'native code';
  console.log(`Method “${method}”${how} in ${where}, noise ${100 * noise} % of y's spread`);
  console.log('problem recovered strict components  train MSE  test MSE      time');

  const results = [];
  for await (const result of (values.wasm ? wasm : native)(settings, file)) {
    if (result.sample === 0) printLine(result);
    results.push(result);
  }
  const own = results.filter((result) => result.sample === 0);
  printTotals(own);
  const counts = [];
  for (let sample = 1; sample <= samples; sample++) {
    const further = results.filter((result) => result.sample === sample);
    console.log(`\nFurther sample ${sample}`);
    printTotals(further);
    counts.push(sum(further, (result) => result.recovered));
  }
  if (samples > 0) {
    const mean = counts.reduce((total, count) => total + count, 0) / samples;
    console.log(`\nmean recovered over ${samples} further samples: ${mean.toFixed(1)}`);
  }
});
