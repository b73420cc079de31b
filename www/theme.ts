import type { Palette } from '../pkg/gaussian_playground.js';
import { make } from './dom.ts';

/** What the visitor wants; `auto` is what the system says. */
export type ThemeChoice = 'auto' | 'light' | 'dark';

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

/** The choice that a further press of the button brings. */
export function nextTheme(choice: ThemeChoice): ThemeChoice {
  return choices[(choices.indexOf(choice) + 1) % choices.length] ?? 'auto';
}

/** Calls back on every change of the system's theme until the signal aborts. */
export function watchSystemTheme(changed: () => void, signal: AbortSignal): void {
  dark.addEventListener('change', changed, { signal });
}

/** A colour of the style sheet as one number: red, green and blue in its lower 24 bits. */
function packed(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  return (red << 16) | (green << 8) | blue;
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

  /** The colours that the Worker draws with. */
  palette(): Palette {
    const colour = (token: string): number => packed(this.get(token));
    // As long as the palette's own type asks for: the style sheet numbers its tokens from 1.
    const row = <Row extends number[]>(length: number, name: string): Row =>
      Array.from({ length }, (_, index) => colour(`${name}-${index + 1}`)) as Row;
    return {
      page: colour('page'),
      ink: colour('ink'),
      quiet: colour('ink-3'),
      tick: colour('tick'),
      off: colour('component-off'),
      bad: colour('bad'),
      good: colour('good'),
      components: row(7, 'component'),
      density: row(4, 'density'),
      reds: row(6, 'reds'),
      contour: colour('contour'),
      viridis: row(10, 'viridis'),
      signed: row(6, 'signed'),
    };
  }
}
