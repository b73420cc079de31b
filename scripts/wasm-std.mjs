// Builds the wasm32 standard library from source, for machines where rustup
// cannot download it. The source comes from the toolchain's own rust-src, or
// from Debian's package of the same version, which is unpacked and never
// installed. Afterwards cargo finds the target in the sysroot as if rustup had
// put it there.

import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheDir, capture, Failure, isDebian, mustRun, run, which } from './common.mjs';

// Where a release's compiler may be, likeliest first.
const suites = ['trixie-backports', 'testing', 'unstable', 'stable'];
const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The Debian mirror this machine's apt uses. */
function debianMirror() {
  const uris = capture('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI)',
    'Created-By: Packages',
  ]);
  const mirror = uris?.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (!mirror) {
    throw new Failure("apt's configuration names no Debian mirror to take rust-src from.");
  }
  return mirror;
}

/** Downloads and unpacks Debian's rust-src of exactly `version`; returns its folder. */
async function debianRustSource(version) {
  if (!isDebian || !which('dpkg')) {
    throw new Failure('There is no rust-src component, and no Debian package to take it from.');
  }
  const dir = join(cacheDir, `rust-src-${version}`);
  const source = join(dir, 'unpacked', 'usr', 'src', `rustc-${version}`);
  if (existsSync(join(dir, 'complete'))) return source;
  rmSync(dir, { recursive: true, force: true });

  const keyring = existsSync(debianKeyring) ? `[signed-by=${debianKeyring}] ` : '';
  for (const suite of suites) {
    // An apt configuration of its own, so that the machine's stays as it is.
    const apt = join(dir, `apt-${suite}`);
    mkdirSync(join(apt, 'lists', 'partial'), { recursive: true });
    mkdirSync(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
    const list = join(apt, 'sources.list');
    writeFileSync(list, `deb ${keyring}${debianMirror()} ${suite} main\n`);
    const options = Object.entries({
      'Dir::State::lists': join(apt, 'lists'),
      'Dir::Cache': join(apt, 'cache'),
      'Dir::Etc::sourcelist': list,
      'Dir::Etc::sourceparts': '/dev/null',
      // The cache folder may be closed to apt's own user.
      'APT::Sandbox::User': 'root',
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);

    if ((await run('apt-get', [...options, 'update'])).code !== 0) continue;
    const offered = (await run('apt-cache', [...options, 'madison', 'rust-src'])).output;
    const exact = offered
      .split('\n')
      .map((line) => line.split('|')[1]?.trim() ?? '')
      .find((candidate) => candidate === version || candidate.startsWith(`${version}+`));
    if (!exact) continue;

    await mustRun('apt-get', [...options, 'download', `rust-src=${exact}`], { cwd: apt });
    const deb = readdirSync(apt).find((name) => name.endsWith('.deb'));
    await mustRun('dpkg', ['-x', join(apt, deb), join(dir, 'unpacked')]);
    for (const name of suites) rmSync(join(dir, `apt-${name}`), { recursive: true, force: true });
    writeFileSync(join(dir, 'complete'), '');
    return source;
  }
  throw new Failure(`Debian's mirror offers no rust-src ${version}.`);
}

export async function buildWasmStd(target) {
  const sysroot = capture('rustc', ['--print', 'sysroot']).trim();
  const version = capture('rustc', ['-vV']).match(/^release: (.+)$/m)[1];

  // cargo looks for the library's source in this one place.
  const link = join(sysroot, 'lib', 'rustlib', 'src', 'rust');
  const linked = !existsSync(join(link, 'library', 'Cargo.lock'));
  if (linked) {
    const source = await debianRustSource(version);
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(link);
    mkdirSync(join(sysroot, 'lib', 'rustlib', 'src'), { recursive: true });
    symlinkSync(source, link);
  }

  // An empty crate outside the repository, so that no setting made there applies.
  const crate = join(cacheDir, `wasm-std-${version}`);
  rmSync(crate, { recursive: true, force: true });
  mkdirSync(join(crate, 'src'), { recursive: true });
  writeFileSync(join(crate, 'src', 'lib.rs'), '');
  writeFileSync(
    join(crate, 'Cargo.toml'),
    '[package]\nname = "empty_crate"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n',
  );
  // The compiler that will use the library: outside the repository `cargo` may be another.
  const bin = (name) => {
    const file = join(sysroot, 'bin', name);
    return existsSync(file) ? file : name;
  };
  try {
    await mustRun(
      bin('cargo'),
      [
        'build',
        '--release',
        '-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test',
        '--target',
        target,
      ],
      {
        cwd: crate,
        env: {
          ...process.env,
          // build-std is an unstable flag, which a stable cargo takes only with this set.
          RUSTC_BOOTSTRAP: '1',
          RUSTC: bin('rustc'),
          RUSTFLAGS: '',
          CARGO_TARGET_DIR: join(crate, 'target'),
        },
      },
    );
  } finally {
    // Only our own link: it would stand in the way of rustup's rust-src later.
    if (linked) rmSync(link, { force: true });
  }

  // Copied beside its final place and renamed, so that it is there whole or not at all.
  const final = join(sysroot, 'lib', 'rustlib', target);
  const partial = `${final}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(join(partial, 'lib'), { recursive: true });
  const deps = join(crate, 'target', target, 'release', 'deps');
  for (const name of readdirSync(deps)) {
    if (name.endsWith('.rlib') && !name.startsWith('libempty_crate')) {
      cpSync(join(deps, name), join(partial, 'lib', name));
    }
  }
  rmSync(final, { recursive: true, force: true });
  renameSync(partial, final);
  // Hundreds of megabytes, and not needed again.
  rmSync(crate, { recursive: true, force: true });
  rmSync(join(cacheDir, `rust-src-${version}`), { recursive: true, force: true });
}
