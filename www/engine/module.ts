import address from '../../pkg/gaussian_playground_bg.wasm?url';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The fitting core, fetched and compiled once for all elements of the page and all their Workers. */
export function compiledModule(): Promise<WebAssembly.Module> {
  compiled ??= compile().catch((error: unknown) => {
    // The next who asks tries again.
    compiled = undefined;
    throw error;
  });
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`The fitting core could not be loaded (${response.status}). Reload the page.`);
  }
  // Compiles while it loads, but only where the server calls the file by its name.
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  if (type === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
