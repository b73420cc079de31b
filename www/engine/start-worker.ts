import runner from './runner.ts?worker&url';
import fit from './worker.ts?worker&url';

/** One that fits and draws on a canvas, or one that runs fits nobody looks at. */
const scripts = { fit, runner };

/**
 * Starts a Worker's script. Browsers refuse one from another origin, and to a sandboxed frame, which
 * has no origin, every script is from another; a script of the frame's own that loads it is allowed.
 */
export function startWorker(kind: keyof typeof scripts): Worker {
  const address = scripts[kind];
  // The development server has modules; they are built into one classic script, since no browser
  // starts a module of the frame's own in a sandboxed one.
  const options: WorkerOptions = { type: import.meta.env.DEV ? 'module' : 'classic' };
  try {
    return new Worker(address, options);
  } catch {
    const loader = new Blob([`importScripts(${JSON.stringify(address)})`], {
      type: 'text/javascript',
    });
    const url = URL.createObjectURL(loader);
    const worker = new Worker(url);
    // The first message is the Worker's word that its script has been read.
    worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
    return worker;
  }
}
