import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { buildWasm } from './scripts/build.mjs';
import { embeds } from './scripts/embeds.mjs';

/** In development: builds the WebAssembly package anew when Rust sources change. */
function rust(): Plugin {
  return {
    name: 'rust',
    apply: 'serve',
    configureServer(server) {
      let building = false;
      let again = false;

      async function rebuild(): Promise<void> {
        again = true;
        if (building) return;
        building = true;
        while (again) {
          again = false;
          try {
            const note = await buildWasm('dev');
            if (note === 'up to date') continue;
            server.config.logger.info('Rust rebuilt', { timestamp: true });
            server.moduleGraph.invalidateAll();
            server.ws.send({ type: 'full-reload' });
          } catch (error) {
            server.config.logger.error(error instanceof Error ? error.message : String(error));
          }
        }
        building = false;
      }

      server.watcher.on('all', (_event, file) => {
        if (file.endsWith('.rs') || file.endsWith('Cargo.toml')) void rebuild();
      });
    },
  };
}

/** What all that is built has in common. */
const config: UserConfig = {
  // Relative addresses: dist/ works from any path of any site.
  base: './',
  // One classic script: the only kind of Worker that a sandboxed frame can start.
  worker: { format: 'iife' },
  build: {
    target: 'es2023',
    // The WebAssembly module stays a file of its own.
    assetsInlineLimit: 0,
  },
};

export default defineConfig({
  ...config,
  plugins: [rust(), embeds(config)],
  // Found at once rather than while the page loads, which would load it twice.
  optimizeDeps: { include: ['comlink', 'uplot'] },
  server: {
    // The plugin above reloads the page once a build is complete, not while files are written.
    watch: { ignored: ['**/target/**', '**/pkg/**', '**/dist/**', '**/test-results/**'] },
  },
});
