import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { count, readable } from '../format.ts';

/** The word for how the fit stands. */
export function statusWord(state: Report['state'], playing: boolean): string {
  switch (state) {
    case 'converged':
      return 'Converged';
    case 'exhausted':
      return 'Stopped';
    case 'failed':
      return 'Failed';
    default:
      return playing ? 'Running' : 'Paused';
  }
}

/** An `<output>`, silent: what is worth hearing is said by the announcer. */
export function output(name: string): HTMLOutputElement {
  return make('output', { name, 'aria-live': 'off' });
}

/** The current numbers under the canvas. */
export class Readouts {
  readonly element: HTMLElement;
  readonly #iteration = output('iteration');
  readonly #objectiveName = make('span', { class: 'name' });
  readonly #objective = output('objective');
  readonly #objectiveUnit = make('span', { class: 'unit' });
  readonly #status = output('status');
  readonly #backend = output('backend');

  constructor() {
    this.element = make(
      'div',
      { class: 'readouts' },
      make(
        'span',
        { class: 'readout' },
        make('span', { class: 'name' }, 'Iteration'),
        this.#iteration,
      ),
      make(
        'span',
        { class: 'readout objective' },
        this.#objectiveName,
        this.#objective,
        this.#objectiveUnit,
      ),
      make('span', { class: 'readout state' }, this.#status, this.#backend),
    );
  }

  show(report: Report, playing: boolean): void {
    setText(this.#iteration, count(report.iteration));
    this.#iteration.dataset.value = String(report.iteration);
    const { label, value, decimals, unit } = report.objective;
    setText(this.#objectiveName, label);
    setText(this.#objective, readable(value, decimals));
    setText(this.#objectiveUnit, unit);
    this.#objective.dataset.value = String(value);
    const word = statusWord(report.state, playing);
    setText(this.#status, word);
    this.#status.dataset.state = word.toLowerCase();
    this.#status.title = report.message;
    setText(this.#backend, report.backend.toUpperCase());
    this.#backend.dataset.value = report.backend;
    this.#backend.title = report.backendReason;
  }

  /** There is no fit to speak of. */
  showLost(): void {
    setText(this.#status, 'Off');
    this.#status.dataset.state = 'off';
  }
}
