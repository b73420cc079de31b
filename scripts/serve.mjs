// A static web server for dist/ on this machine alone.
//   node scripts/serve.mjs [--port N] [--base /some/path/] [--policy]

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, isMain, main, root } from './common.mjs';

const host = '127.0.0.1';
const types = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** The strictest policy that the page is meant for; `--policy` sends it, and the tests run under it. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
/** In a sandboxed frame the Worker is loaded by a script of the frame's own. */
const embedPolicy = `${policy}; worker-src 'self' blob:`;

/** The file a request path stands for, or undefined. */
function fileFor(dir, path) {
  const file = join(dir, path.endsWith('/') ? `${path}index.html` : path);
  if (file.includes('\0') || !file.startsWith(dir + sep)) return undefined;
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}

function answer(request, response, { dir, base, strict }) {
  const end = (status, headers = {}) => response.writeHead(status, headers).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(405);
  let path;
  try {
    path = decodeURIComponent(request.url.split('?')[0]);
  } catch {
    return end(400);
  }
  if (path === base.slice(0, -1)) return end(301, { location: base });
  const file = path.startsWith(base) ? fileFor(dir, path.slice(base.length - 1)) : undefined;
  if (!file) return end(404);
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
    // A rebuilt page must show at the next load.
    'cache-control': 'no-cache',
    ...(strict && {
      'content-security-policy': path.endsWith('/embed.html') ? embedPolicy : policy,
    }),
  });
  if (request.method === 'HEAD') return response.end();
  createReadStream(file).pipe(response);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address().port);
    });
  });
}

/**
 * Serves `dir` under the path `base`. A busy port is an error, unless
 * `anyPort` allows a free one in its place; `strict` sends the policy.
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serve({
  dir = join(root, 'dist'),
  base = '/',
  port = 0,
  anyPort = false,
  strict = false,
}) {
  const server = createServer((request, response) =>
    answer(request, response, { dir, base, strict }),
  );
  let actual;
  try {
    actual = await listen(server, port);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    if (!anyPort) throw new Failure(`Port ${port} is in use.`);
    actual = await listen(server, 0);
  }
  return { url: `http://${host}:${actual}${base}`, close: () => server.close() };
}

if (isMain(import.meta.url)) {
  main(async () => {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4173' },
        base: { type: 'string', default: '/' },
        policy: { type: 'boolean', default: false },
      },
    });
    const { url } = await serve({
      port: Number(values.port),
      base: values.base,
      strict: values.policy,
    });
    console.log(url);
  });
}
