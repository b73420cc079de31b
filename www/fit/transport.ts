import { make } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { type IconName, icon } from '../icons.ts';

export interface TransportActions {
  play(): void;
  pause(): void;
  step(): void;
  stepBack(): void;
  halfStep(): void;
  /** Iteration 0 again, from the same start. */
  reset(): void;
  /** Iteration 0 of a start drawn anew. */
  resetAnew(): void;
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

/** The two beats of EM, apart: the next one is the one to press. */
const beats = [
  { beat: 'e', words: 'E recolours', title: 'E-step: each point asks which Gaussian it came from' },
  { beat: 'm', words: 'M moves', title: 'M-step: each Gaussian moves to its points' },
] as const;

/** Reset, back, play or pause, one step or, where they are `apart`, its two halves; the speed goes into `speed`. */
export class Transport {
  readonly element: HTMLElement;
  readonly speed = make('div', { class: 'speed' });
  readonly #actions: TransportActions;
  readonly #play = button('Play', 'play', 'play');
  readonly #back = button('One iteration back', 'back', 'quiet');
  readonly #step = button('One iteration', 'step', 'quiet');
  readonly #beats = make('div', { class: 'beats', role: 'group', 'aria-label': 'Half steps' });
  #playing = false;
  #finished = false;

  constructor(actions: TransportActions, apart: boolean) {
    this.#actions = actions;
    const reset = button('Reset', 'restart', 'quiet');
    reset.title = 'Reset: the same start again';
    const anew = button('Reset with a new start', 'dice', 'quiet anew');
    reset.addEventListener('click', actions.reset);
    anew.addEventListener('click', actions.resetAnew);
    this.#back.addEventListener('click', actions.stepBack);
    this.#step.addEventListener('click', actions.step);
    this.#play.addEventListener('click', () => this.toggle());
    for (const { beat, words, title } of beats) {
      const half = make('button', { type: 'button', 'data-beat': beat, title }, words);
      half.addEventListener('click', actions.halfStep);
      this.#beats.append(half);
    }
    // Its two halves say the same as the whole step.
    this.#beats.hidden = !apart;
    this.#step.hidden = apart;
    this.element = make(
      'div',
      { class: 'transport', role: 'group', 'aria-label': 'Play' },
      make('div', { class: 'buttons' }, reset, anew, this.#back, this.#play, this.#step),
      this.#beats,
      this.speed,
    );
  }

  /** What the play button does. */
  toggle(): void {
    if (this.#playing) {
      this.#actions.pause();
      return;
    }
    if (this.#finished) this.#actions.reset();
    this.#actions.play();
  }

  show({ state, beat, iteration }: Report, playing: boolean): void {
    this.#back.disabled = iteration === 0;
    for (const half of this.#beats.querySelectorAll('button')) {
      const next = half.dataset.beat === beat;
      half.classList.toggle('next', next);
      half.setAttribute('aria-disabled', String(!next));
    }
    this.#showPlay(playing, state !== 'running');
  }

  /** There is nothing to play. */
  showLost(): void {
    this.#showPlay(false, false);
  }

  #showPlay(playing: boolean, finished: boolean): void {
    if (playing === this.#playing && finished === this.#finished) return;
    this.#playing = playing;
    this.#finished = finished;
    const name = playing ? 'Pause' : finished ? 'Play again' : 'Play';
    this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
    this.#play.setAttribute('aria-label', name);
    this.#play.title = name;
  }
}
