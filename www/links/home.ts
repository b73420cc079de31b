/**
 * The address of one of the playground's own pages, wherever the element is used: they lie beside
 * the folder of its scripts.
 */
export function homeOf(page: 'index.html' | 'embed.html'): URL {
  // Served from source, this file is one folder deeper than the built script.
  const up = import.meta.env.DEV ? '../..' : '..';
  return new URL(`${up}/${page}`, import.meta.url);
}
