import * as Comlink from 'comlink';
import init, { comparisonPlan, comparisonSchema, Run } from '../../pkg/gaussian_playground.js';
import { carryErrorCodes } from './protocol.ts';
import type { Runner } from './runner-protocol.ts';

/**
 * A Worker of the pool: runs one fit at a time, with nothing to draw and no frames to wait for, so it
 * goes on while the tab is hidden.
 */

carryErrorCodes();

/** Milliseconds of iterating between two looks at what the page has to say. */
const slice = 50;
/** Milliseconds that are not measured: the engine compiles its fast code meanwhile. */
const warmUp = 60;

let current: Run | undefined;
let cancelled = false;
let paused = false;
let goOn = (): void => {};

const { port1, port2 } = new MessageChannel();

/** Lets the messages in that have come meanwhile; timers would wait some milliseconds longer. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });
}

function resumed(): Promise<void> {
  return new Promise((resolve) => {
    goOn = resolve;
  });
}

const runner: Runner = {
  async open(module) {
    await init({ module_or_path: module });
  },
  comparisonSchema,
  comparisonPlan,
  measure({ experiment, settings, points }, budget) {
    const begin = performance.now();
    let setup = 0;
    let iterations = 0;
    let milliseconds = 0;
    let warm = false;
    // A short fit is over before there is enough to measure; then once more.
    do {
      const start = performance.now();
      const run = new Run(experiment, settings, points);
      setup = performance.now() - start;
      let more = warm || run.run(warmUp);
      warm = true;
      const from = run.report().iteration;
      const since = performance.now();
      while (more && performance.now() - begin < budget) more = run.run(slice);
      milliseconds += performance.now() - since;
      iterations += run.report().iteration - from;
      run.free();
    } while (performance.now() - begin < budget);
    return { setup, iteration: iterations > 0 ? milliseconds / iterations : 0 };
  },
  async run({ experiment, settings, points }) {
    cancelled = false;
    const begin = performance.now();
    const run = new Run(experiment, settings, points);
    let milliseconds = performance.now() - begin;
    current = run;
    for (let more = true; more; ) {
      await turn();
      if (paused) await resumed();
      if (cancelled) break;
      const start = performance.now();
      more = run.run(slice);
      milliseconds += performance.now() - start;
    }
    current = undefined;
    const outcome = cancelled ? undefined : { report: run.report(), milliseconds };
    run.free();
    return outcome;
  },
  iteration: () => current?.report().iteration ?? 0,
  pause() {
    paused = true;
  },
  resume() {
    paused = false;
    goOn();
  },
  cancel() {
    cancelled = true;
    paused = false;
    goOn();
  },
};

Comlink.expose(runner);
