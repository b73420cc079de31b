// npm start: sets up, builds and serves the page; the last line is its address.

import { build } from './build.mjs';
import { main } from './common.mjs';
import { serve } from './serve.mjs';
import { setup } from './setup.mjs';

main(async () => {
  await setup();
  await build();
  const { url } = await serve({ port: Number(process.env.PORT ?? 4173), anyPort: true });
  console.log('\nGaussian Playground is ready. Stop it with Ctrl+C. Open');
  console.log(url);
});
