// npm run dev: Vite's development server. vite.config.ts rebuilds the
// WebAssembly package when the Rust sources change.

import { spawn } from 'node:child_process';
import { buildWasm } from './build.mjs';
import { main, root, step } from './common.mjs';
import { setup } from './setup.mjs';

main(async () => {
  await setup();
  await step('WebAssembly', () => buildWasm('dev'));
  const vite = spawn('vite', process.argv.slice(2), {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  vite.on('exit', (code) => process.exit(code ?? 0));
});
