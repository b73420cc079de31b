import type { Size } from '../engine/protocol.ts';

/** The place that a canvas has. */
export function sizeOf({ clientWidth, clientHeight }: HTMLElement): Size {
  return {
    width: Math.max(1, clientWidth),
    height: Math.max(1, clientHeight),
    pixelRatio: devicePixelRatio,
  };
}

/** Calls back when the size or the screen's pixel ratio changes. */
export function watchSize(
  element: HTMLElement,
  changed: (size: Size) => void,
  signal: AbortSignal,
): void {
  let last = sizeOf(element);
  const report = (): void => {
    const size = sizeOf(element);
    if (
      size.width === last.width &&
      size.height === last.height &&
      size.pixelRatio === last.pixelRatio
    ) {
      return;
    }
    last = size;
    changed(size);
  };
  const observer = new ResizeObserver(report);
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
  const watchRatio = (): void => {
    // A query matches one ratio only, so each change needs a new one.
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        report();
        watchRatio();
      },
      { once: true, signal },
    );
  };
  watchRatio();
}

/** Calls back when the element comes into or goes out of sight, or the tab does. */
export function watchVisibility(
  element: HTMLElement,
  changed: (visible: boolean) => void,
  signal: AbortSignal,
): void {
  let inView = true;
  let last: boolean | undefined;
  const report = (): void => {
    const visible = inView && document.visibilityState === 'visible';
    if (visible === last) return;
    last = visible;
    changed(visible);
  };
  const observer = new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? true;
    report();
  });
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
  document.addEventListener('visibilitychange', report, { signal });
  report();
}
