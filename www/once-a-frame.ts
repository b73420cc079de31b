/**
 * Does something in the next frame, however often it is asked for until then. Hidden tabs have no
 * frames and need none; after the signal aborts nothing is done.
 */
export function onceAFrame(act: () => void, signal: AbortSignal): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!signal.aborted) act();
    });
  };
}
