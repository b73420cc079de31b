import type { TransportActions } from './transport.ts';

/** What takes the keys of a shortcut for itself. */
const typing = 'input, select, textarea, [role="slider"], [role="radio"]';

type Keys = Pick<TransportActions, 'step' | 'stepBack'> & { toggle(): void };

/**
 * Space plays and pauses, → does one iteration, ← takes one back: while the focus is on the canvas
 * or in the transport, and nowhere else, so that the host page keeps its keys.
 */
export function listenForShortcuts(places: HTMLElement[], keys: Keys, signal: AbortSignal): void {
  const onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.defaultPrevented || modified || target.matches(typing)) return;
    // A focused button answers to the space bar itself.
    if (event.key === ' ' && !target.matches('button, a')) keys.toggle();
    else if (event.key === 'ArrowRight') keys.step();
    else if (event.key === 'ArrowLeft') keys.stepBack();
    else return;
    event.preventDefault();
  };
  for (const place of places) place.addEventListener('keydown', onKey, { signal });
}
