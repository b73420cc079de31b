import { home } from '../engine/module.ts';

/** The address of one of the playground's own pages, wherever the element is used. */
export function homeOf(page: 'index.html' | 'embed.html'): URL {
  return new URL(page, home);
}
