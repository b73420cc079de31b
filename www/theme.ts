import { make } from './dom.ts';
import type { Theme } from './engine/protocol.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  return dark.matches ? 'dark' : 'light';
}

/** Calls back on every change of the system's theme until the signal aborts. */
export function watchTheme(changed: (theme: Theme) => void, signal: AbortSignal): void {
  dark.addEventListener('change', () => changed(currentTheme()), { signal });
}

/**
 * Colours of the style sheet as a canvas understands them: `light-dark()` is resolved by giving the
 * colour to an element and asking what it became.
 */
export class Colours {
  readonly element = make('span', { hidden: true });

  get(token: string): string {
    this.element.style.color = `var(--${token})`;
    return getComputedStyle(this.element).color;
  }
}
