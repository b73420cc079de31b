// What every script here needs: the repository's paths, running programs, and
// timed steps. Node's standard library only, since it runs before `npm ci`.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Tools and builds that all clones of one user share. */
export const cacheDir = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'gaussian-playground',
);

export const isRoot = process.getuid?.() === 0;
export const isDebian = existsSync('/etc/debian_version') && which('apt-get') !== undefined;

/** A failure whose message says all there is to say; no stack is printed. */
export class Failure extends Error {}

/** The file `name` found on PATH, or undefined. */
export function which(name, path = process.env.PATH ?? '') {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const dir of path.split(delimiter)) {
    for (const candidate of names) {
      const file = join(dir, candidate);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

/** Puts folders at the front of PATH, for this process and all it starts. */
export function prependPath(...dirs) {
  const rest = (process.env.PATH ?? '').split(delimiter).filter((dir) => !dirs.includes(dir));
  process.env.PATH = [...dirs, ...rest].join(delimiter);
}

/** Standard output of a short command, or undefined where it fails. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  return result.status === 0 ? result.stdout : undefined;
}

/**
 * Runs a program. Resolves with its exit code and all it printed, in order and
 * without colours, which not every program leaves out by itself; `show` also
 * passes the output on as it comes.
 */
export function run(command, args, { show = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm and npx are shell scripts on Windows.
      shell: process.platform === 'win32',
      ...options,
    });
    let output = '';
    const take = (stream) => (chunk) => {
      output += chunk;
      if (show) stream.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take(process.stdout));
    child.stderr.setEncoding('utf8').on('data', take(process.stderr));
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) =>
      resolve({ code: code ?? 1, output: stripVTControlCharacters(output) }),
    );
  });
}

/** Runs a program that must succeed: its output is shown only when it fails. */
export async function mustRun(command, args, options = {}) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const shown = options.show ? '' : `\n${lastLines(output, 60)}`;
    throw new Failure(`\`${[command, ...args].join(' ')}\` failed.${shown}`);
  }
  return output;
}

export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Runs one step and prints what it did and the time it took. The step returns
 * a note such as "already there".
 */
export async function step(name, action) {
  const start = performance.now();
  try {
    const note = await action();
    console.log(`  ${name}${note ? `: ${note}` : ''} (${seconds(start)})`);
  } catch (error) {
    console.log(`  ${name}: FAILED (${seconds(start)})`);
    throw error;
  }
}

/** One hash over the names and contents of files and folders in the repository. */
export function contentHash(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(`${path}/${name}`);
    } else {
      const content = readFileSync(full);
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** Runs a script's main function and ends the process with a clear message. */
export async function main(action) {
  try {
    await action();
  } catch (error) {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    process.exit(1);
  }
}

/** Whether the module at `url` is the script that node was asked to run. */
export function isMain(url) {
  return process.argv[1] !== undefined && fileURLToPath(url) === process.argv[1];
}
