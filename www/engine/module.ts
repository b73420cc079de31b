import address from '../../pkg/gaussian_playground_bg.wasm?url';

/** Where the playground's own pages are; the script may have been taken into another's. */
export const home = new URL('../', new URL(address, document.baseURI));

let compiled: Promise<WebAssembly.Module> | undefined;

/** The fitting core, fetched and compiled once for all elements of the page and all their Workers. */
export function compiledModule(): Promise<WebAssembly.Module> {
  // To a sandboxed frame, which has no origin, every file is from elsewhere.
  compiled ??= (home.origin === origin ? fetched() : scripted()).catch((error: unknown) => {
    // The next who asks tries again.
    compiled = undefined;
    throw error;
  });
  return compiled;
}

function notLoaded(why: string): Error {
  return new Error(`The fitting core could not be loaded${why}. Reload the page to try again.`);
}

async function fetched(): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw notLoaded(` (${response.status})`);
  // Compiles while it loads, but only where the server calls the file what it is.
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  if (type === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A file from elsewhere may be fetched only if its server says so; as a script it always may be run. */
async function scripted(): Promise<WebAssembly.Module> {
  const script = document.createElement('script');
  script.src = `${address}.js`;
  await new Promise<void>((resolve, reject) => {
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(notLoaded('')));
    document.head.append(script);
  });
  script.remove();
  const scope = globalThis as { gaussianPlaygroundCore?: string };
  const packed = atob(scope.gaussianPlaygroundCore ?? '');
  delete scope.gaussianPlaygroundCore;
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}
