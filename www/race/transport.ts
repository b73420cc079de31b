import { make, setText, uniqueId } from '../dom.ts';
import type { Against } from '../engine/protocol.ts';
import { output } from '../fit/readouts.ts';
import { count } from '../format.ts';
import { icon } from '../icons.ts';

export interface RaceTransportActions {
  toggle(): void;
  reset(): void;
  against(against: Against): void;
}

/** Play, pause and begin anew, for all at once; what the chart is drawn against. */
export class RaceTransport {
  readonly element: HTMLElement;
  readonly readouts: HTMLElement;
  readonly #play = make('button', { type: 'button', class: 'play' });
  readonly #reset = make('button', { type: 'button', class: 'quiet', title: 'Start anew' });
  readonly #radios = new Map<Against, HTMLInputElement>();
  readonly #iteration = output('iteration');
  readonly #status = output('status');

  constructor(actions: RaceTransportActions) {
    this.#play.addEventListener('click', actions.toggle);
    this.#reset.append(icon('restart'));
    this.#reset.setAttribute('aria-label', 'Start anew');
    this.#reset.addEventListener('click', actions.reset);
    const group = make('div', {
      class: 'segmented against',
      role: 'radiogroup',
      'aria-label': 'Against',
    });
    const name = uniqueId('against');
    for (const [against, words] of [
      ['iterations', 'Iterations, in step'],
      ['seconds', 'Seconds, flat out'],
    ] as const) {
      const radio = make('input', { type: 'radio', name, value: against });
      radio.addEventListener('change', () => actions.against(against));
      this.#radios.set(against, radio);
      group.append(make('label', {}, radio, make('span', {}, words)));
    }
    this.element = make(
      'div',
      { class: 'transport', role: 'group', 'aria-label': 'Race' },
      make('div', { class: 'buttons' }, this.#reset, this.#play),
      group,
    );
    const readout = (className: string, ...content: HTMLElement[]): HTMLElement =>
      make('span', { class: `readout ${className}` }, ...content);
    this.readouts = make(
      'div',
      { class: 'readouts' },
      readout('', make('span', { class: 'name' }, 'Iteration'), this.#iteration),
      readout('', make('span', { class: 'name' }, 'Status'), this.#status),
    );
  }

  show(shown: { over: boolean; playing: boolean; against: Against; iterations: number }): void {
    const { over, playing, against, iterations } = shown;
    const name = over ? 'Race again' : playing ? 'Pause' : 'Play';
    if (this.#play.title !== name) {
      this.#play.replaceChildren(icon(playing && !over ? 'pause' : 'play'));
      this.#play.setAttribute('aria-label', name);
      this.#play.title = name;
    }
    const radio = this.#radios.get(against);
    if (radio) radio.checked = true;
    setText(this.#iteration, count(iterations));
    this.#iteration.dataset.value = String(iterations);
    const word = over ? 'Done' : playing ? 'Running' : 'Paused';
    setText(this.#status, word);
    this.#status.dataset.state = word.toLowerCase();
  }

  switchOff(): void {
    this.#play.disabled = this.#reset.disabled = true;
    setText(this.#status, 'Off');
    this.#status.dataset.state = 'off';
  }
}
