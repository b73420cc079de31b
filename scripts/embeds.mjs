// What other people's pages need, beside the page that Vite builds: the element as one script, the
// page for a frame, and the example post. Classic scripts, which a browser also takes from another
// site and into a sandboxed frame, whatever headers the server sends.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { Failure, root } from './common.mjs';

/** Bundles one script of www/ into one classic script beside the page. */
async function classic(outDir, entry, name, config) {
  await build({
    ...config,
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ...config.build,
      outDir,
      emptyOutDir: false,
      rolldownOptions: {
        input: join(root, 'www', entry),
        output: { format: 'iife', entryFileNames: name },
      },
    },
  });
}

/** Replaces what must be there. */
function replaced(text, pairs) {
  let result = text;
  for (const [from, to] of pairs) {
    if (!result.includes(from)) throw new Failure(`The page to embed no longer has ${from}`);
    result = result.replaceAll(from, to);
  }
  return result;
}

/**
 * The plugin. `config` is what the page is built with.
 * @returns {import('vite').Plugin}
 */
export function embeds(config) {
  let dir = '';
  return {
    name: 'embeds',
    apply: 'build',
    configResolved(resolved) {
      dir = join(resolved.root, resolved.build.outDir);
    },
    generateBundle(_options, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        if (file.type !== 'asset' || !fileName.endsWith('.wasm')) continue;
        // A file that may not be fetched can still be run: the module once more, as a script. It is
        // compressed first, so that it is no longer on its way than the module itself.
        const text = gzipSync(file.source, { level: 9 }).toString('base64');
        this.emitFile({
          type: 'asset',
          fileName: `${fileName}.js`,
          source: `gaussianPlaygroundCore = '${text}';\n`,
        });
      }
    },
    async closeBundle() {
      await classic(dir, 'define.ts', 'gaussian-playground.js', config);
      await classic(dir, 'embed.ts', 'embed.js', config);
      copyFileSync(join(root, 'www/pictures/icon.svg'), join(dir, 'assets/icon.svg'));
      const page = replaced(readFileSync(join(root, 'embed.html'), 'utf8'), [
        ['type="module" src="/www/embed.ts"', 'defer src="./embed.js"'],
        ['type="module" src="/www/define.ts"', 'defer src="./gaussian-playground.js"'],
        ['/www/pictures/', './assets/'],
      ]);
      writeFileSync(join(dir, 'embed.html'), page);
      const post = replaced(readFileSync(join(root, 'www/examples/blog.html'), 'utf8'), [
        ['../../', '../'],
        ['../pictures/', '../assets/'],
      ]);
      mkdirSync(join(dir, 'examples'), { recursive: true });
      writeFileSync(join(dir, 'examples/blog.html'), post);
      const styles = join(root, 'www/examples/blog.css');
      copyFileSync(styles, join(dir, 'examples', basename(styles)));
    },
  };
}
