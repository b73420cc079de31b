// npm run bench:device: pairs of a point and a Gaussian a second, on the
// processor (one thread) and on the graphics processor side by side, and where
// the device has a clock, how its time splits between kernels and gaps.
//   npm run bench:device -- [--native] [--models em,sum-of-gaussians]
//     [--points 1e4,1e5,1e6,1e7] [--components 4,16,64] [--milliseconds 500]
// In Chromium by WebGPU, or with --native by Vulkan without a browser. On a
// software adapter, which shows that it works and not how fast, give few points.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, main, mustRun, root, step } from '../scripts/common.mjs';
import { target } from '../scripts/rust.mjs';
import { setup } from '../scripts/setup.mjs';
import { openPage } from './browser.mjs';

const build = ['build', '--release', '--example', 'device'];
const out = join(root, 'benches', 'out', 'device');

/** Measures natively: a program of its own each time. */
async function openNative() {
  const native = ['--features', 'native-gpu'];
  await step('Native program', () => mustRun('cargo', [...build, ...native]));
  return {
    measure: async (...sizes) => {
      const args = ['run', '--release', '--quiet', '--example', 'device', ...native, '--'];
      const output = await mustRun('cargo', [...args, ...sizes.map(String)]);
      return JSON.parse(output.trimEnd().split('\n').at(-1));
    },
    close: () => {},
  };
}

async function openBrowser() {
  await step('WebAssembly', async () => {
    await mustRun('cargo', [...build, '--target', target]);
    mkdirSync(out, { recursive: true });
    const module = join(root, 'target', target, 'release', 'examples', 'device.wasm');
    await mustRun('wasm-bindgen', [module, '--target', 'web', '--out-dir', out]);
  });
  return openPage('device.html', 'measureDevice');
}

function numbers(text, name) {
  const list = text.split(',').map(Number);
  if (!list.every((number) => Number.isInteger(number) && number >= 1)) {
    throw new Failure(`--${name} must be whole numbers, separated by commas.`);
  }
  return list;
}

const rate = (value) => `${(value / 1e6).toFixed(value < 1e7 ? 2 : 0)} M/s`.padStart(12);

function splitInWords(split) {
  if (!split) return '  (no clock)';
  const kernels = Object.entries(split.kernels).map(([name, time]) => [name, time]);
  const all = kernels.reduce((sum, [, time]) => sum + time, 0);
  const parts = kernels.map(([name, time]) => `${name} ${time.toFixed(1)}`);
  return `  ${parts.join(', ')}; gaps ${split.gaps.toFixed(1)} (${((100 * split.gaps) / all).toFixed(0)} %)`;
}

main(async () => {
  const { values } = parseArgs({
    options: {
      native: { type: 'boolean', default: false },
      models: { type: 'string', default: 'em,sum-of-gaussians' },
      points: { type: 'string', default: '1e4,1e5,1e6,1e7' },
      components: { type: 'string', default: '4,16,64' },
      milliseconds: { type: 'string', default: '500' },
    },
  });
  const models = values.models.split(',');
  if (!models.every((model) => ['em', 'sum-of-gaussians'].includes(model))) {
    throw new Failure('--models must be em, sum-of-gaussians or both, separated by a comma.');
  }
  const points = numbers(values.points, 'points');
  const components = numbers(values.components, 'components');
  const [milliseconds] = numbers(values.milliseconds, 'milliseconds');
  await setup({ tests: true });
  const { measure, close } = await (values.native ? openNative() : openBrowser());
  try {
    let named = false;
    for (const model of models) {
      for (const count of points) {
        for (const number of components) {
          const result = await measure(model, count, number, milliseconds);
          if (!named) {
            const kind = result.software
              ? 'a program that imitates a graphics processor'
              : 'hardware';
            const sums = result.subgroups ? 'with subgroups' : 'without subgroups';
            console.log(`\nAdapter: ${result.adapter || 'unnamed'}, ${kind}, ${sums}`);
            console.log('Pairs of point and component a second; kernels in µs an iteration');
            console.log('model                 points   K         CPU         GPU   ratio');
            named = true;
          }
          const ratio = (result.gpu / result.cpu).toFixed(2).padStart(7);
          const sizes = `${model.padEnd(17)}${count.toExponential(0).padStart(11)}${String(number).padStart(4)}`;
          console.log(
            `${sizes}${rate(result.cpu)}${rate(result.gpu)}${ratio}${splitInWords(result.split)}`,
          );
        }
      }
    }
  } finally {
    await close();
  }
});
