// The Rust toolchain, its wasm32 target, and the command-line tools built with cargo.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  cacheDir,
  capture,
  Failure,
  isDebian,
  isRoot,
  mustRun,
  prependPath,
  root,
  run,
  which,
} from './common.mjs';
import { buildWasmStd } from './wasm-std.mjs';

export const target = 'wasm32-unknown-unknown';
const wasmPackVersion = '0.15.1';

/** The channel that rust-toolchain.toml names. */
function wantedToolchain() {
  return readFileSync(join(root, 'rust-toolchain.toml'), 'utf8').match(/channel = "(.+)"/)[1];
}

/** cargo, rustc and a linker: says what is there or how to get it. */
export async function rustToolchain() {
  const wanted = wantedToolchain();
  if (!which('cargo') || !which('rustc')) {
    throw new Failure(`Rust is missing: install Rust ${wanted} with rustup (https://rustup.rs).`);
  }
  let version = capture('rustc', ['--version']);
  if (version === undefined && which('rustup')) {
    await run('rustup', ['toolchain', 'install', wanted, '--profile', 'default'], { show: true });
    version = capture('rustc', ['--version']);
  }
  if (version === undefined) {
    throw new Failure(`Rust ${wanted} is missing: run \`rustup toolchain install ${wanted}\`.`);
  }
  // Without rustup nothing reads rust-toolchain.toml; a newer compiler serves as well.
  return version.trim();
}

/** cargo links build scripts and tests with the system's C compiler. */
export async function cCompiler() {
  if (process.platform === 'win32') return 'not needed';
  if (which('cc')) return 'already there';
  if (isDebian && isRoot) {
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'gcc', 'libc6-dev']);
    if (which('cc')) return 'installed';
  }
  throw new Failure('A C compiler (`cc`) is missing: install gcc or clang with its C library.');
}

function hasWasmStd() {
  const lib = capture('rustc', ['--print', 'target-libdir', '--target', target])?.trim();
  return Boolean(
    lib && existsSync(lib) && readdirSync(lib).some((name) => /^libstd-.*\.rlib$/.test(name)),
  );
}

/** The standard library for wasm32: from rustup, or else built from its source. */
export async function wasmTarget() {
  if (hasWasmStd()) return 'already there';
  if (which('rustup')) {
    const { code } = await run('rustup', ['target', 'add', target]);
    if (code === 0 && hasWasmStd()) return 'added by rustup';
  }
  try {
    await buildWasmStd(target);
  } catch (error) {
    throw new Failure(
      `The Rust target ${target} is missing and could not be built here: ` +
        `run \`rustup target add ${target}\` on a network that reaches Rust's downloads.\n` +
        `(${error.message})`,
    );
  }
  if (!hasWasmStd()) throw new Failure(`The Rust target ${target} was built but is not found.`);
  return 'built from source';
}

/** The wasm-bindgen version that Cargo.lock names; the command-line tool must match it. */
export function wasmBindgenVersion() {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  return lock.match(/name = "wasm-bindgen"\nversion = "(.+)"/)[1];
}

/** `cargo install` into a folder of its own per version, unless PATH has that version. */
async function cargoTool({ crate, version, programs }) {
  const has = (program) => capture(program, ['--version'])?.split(/\s+/)[1] === version;
  if (programs.every(has)) return 'already there';

  const dir = join(cacheDir, `${crate}-${version}`);
  const bin = join(dir, 'bin');
  prependPath(bin);
  if (programs.every(has)) return 'already there';

  console.log(`  Compiling ${crate} ${version}, which takes some minutes the first time`);
  // An interrupted install leaves nothing in `bin`, and is simply done again.
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  await mustRun('cargo', ['install', crate, '--version', version, '--root', dir], {
    env: {
      ...process.env,
      // These tools run for a second or two per build: compile them fast instead.
      CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
      CARGO_PROFILE_RELEASE_LTO: 'off',
      CARGO_PROFILE_RELEASE_DEBUG: '0',
    },
  });
  if (!programs.every(has)) {
    throw new Failure(`${crate} ${version} does not run: \`cargo install ${crate}\` by hand.`);
  }
  return `installed ${version}`;
}

export const wasmPack = () =>
  cargoTool({ crate: 'wasm-pack', version: wasmPackVersion, programs: ['wasm-pack'] });

export const wasmBindgen = () =>
  cargoTool({
    crate: 'wasm-bindgen-cli',
    version: wasmBindgenVersion(),
    programs: ['wasm-bindgen', 'wasm-bindgen-test-runner'],
  });
