import { make } from '../dom.ts';
import { type IconName, icon } from '../icons.ts';

export interface TransportActions {
  play(): void;
  pause(): void;
  step(): void;
  reset(): void;
}

function button(name: string, picture: IconName, className: string): HTMLButtonElement {
  const element = make('button', {
    type: 'button',
    class: className,
    'aria-label': name,
    title: name,
  });
  element.append(icon(picture));
  return element;
}

/** Reset, play or pause, one step; the speed goes into `speed`. */
export class Transport {
  readonly element: HTMLElement;
  readonly speed = make('div', { class: 'speed' });
  readonly #play = button('Play', 'play', 'play');
  #playing = false;
  #finished = false;

  constructor(actions: TransportActions) {
    const reset = button('Reset', 'restart', 'quiet');
    const step = button('One iteration', 'step', 'quiet');
    reset.addEventListener('click', actions.reset);
    step.addEventListener('click', actions.step);
    this.#play.addEventListener('click', () => {
      if (this.#playing) {
        actions.pause();
        return;
      }
      if (this.#finished) actions.reset();
      actions.play();
    });
    this.element = make(
      'div',
      { class: 'transport', role: 'group', 'aria-label': 'Play' },
      make('div', { class: 'buttons' }, reset, this.#play, step),
      this.speed,
    );
  }

  show(playing: boolean, finished: boolean): void {
    if (playing === this.#playing && finished === this.#finished) return;
    this.#playing = playing;
    this.#finished = finished;
    const name = playing ? 'Pause' : finished ? 'Play again' : 'Play';
    this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
    this.#play.setAttribute('aria-label', name);
    this.#play.title = name;
  }
}
