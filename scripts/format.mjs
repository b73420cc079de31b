// npm run format: formats the Rust sources and everything biome knows.

import { main, mustRun } from './common.mjs';
import { setup } from './setup.mjs';

main(async () => {
  await setup();
  await mustRun('cargo', ['fmt'], { show: true });
  await mustRun('biome', ['check', '--write'], { show: true });
});
