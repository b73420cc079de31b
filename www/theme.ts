import { make } from './dom.ts';
import type { Theme } from './engine/protocol.ts';

/** What the visitor wants; `auto` is what the system says. */
export type ThemeChoice = 'auto' | Theme;

const choices: readonly ThemeChoice[] = ['auto', 'light', 'dark'];
const key = 'gaussian-playground-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export function isThemeChoice(value: string | null): value is ThemeChoice {
  return choices.some((choice) => choice === value);
}

/** What was chosen at an earlier visit. Storage may be closed to us: then nothing was. */
export function rememberedTheme(): ThemeChoice {
  try {
    const value = localStorage.getItem(key);
    return isThemeChoice(value) ? value : 'auto';
  } catch {
    return 'auto';
  }
}

export function rememberTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'auto') localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // A sandboxed frame has no storage; the choice holds until it is closed.
  }
}

export function themeOf(choice: ThemeChoice): Theme {
  if (choice !== 'auto') return choice;
  return dark.matches ? 'dark' : 'light';
}

/** The choice that a further press of the button brings. */
export function nextTheme(choice: ThemeChoice): ThemeChoice {
  return choices[(choices.indexOf(choice) + 1) % choices.length] ?? 'auto';
}

/** Calls back on every change of the system's theme until the signal aborts. */
export function watchSystemTheme(changed: () => void, signal: AbortSignal): void {
  dark.addEventListener('change', changed, { signal });
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
