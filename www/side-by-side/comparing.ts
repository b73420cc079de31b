import type { Setting } from '../../pkg/gaussian_playground.js';
import { make } from '../dom.ts';
import type { Client } from '../engine/client.ts';
import type { LinkedState, Settings } from '../engine/protocol.ts';
import type { Colours } from '../theme.ts';
import { type Lane, SideBySide } from './index.ts';
import { type LineUp, lineUpsFor, settingsOfContenders, truthOf } from './line-ups.ts';

/** What the line-ups need of the board that they are shown on. */
export interface ComparingOptions {
  /** The experiment's name in the fitting core. */
  core: string;
  /** The experiment's own name, where several share the core. */
  name: string;
  /** That of the one fit, which waits meanwhile. */
  client: Client;
  colours: Colours;
  /** The settings as the visitor sees them, and how many true Gaussians a report tells of; `undefined` before there is a fit. */
  problem(): { settings: Settings; known: number; schema: readonly Setting[] } | undefined;
  /** Whether the one fit plays. */
  playing(): boolean;
  /** Takes the focus to the one fit. */
  focus(): void;
  /** Puts this in place of the one fit, or that back. */
  show(view: HTMLElement | undefined): void;
  /** Changes the settings of the one fit. */
  open(change: Settings): Promise<void>;
  /** What a link carries has changed. */
  changed(): void;
  tell(sentence: string): void;
}

/** A board's switch between its one fit and several side by side. */
export class Comparing {
  readonly #options: ComparingOptions;
  readonly #lineUps: LineUp[];
  #lineUp: LineUp | undefined;
  #view: SideBySide | undefined;
  /** Whether the one fit is to go on afterwards. */
  #played = false;

  constructor(options: ComparingOptions) {
    this.#options = options;
    this.#lineUps = lineUpsFor(options);
  }

  /** Each runs the problem as it is in several ways; none where there is no line-up for the experiment. */
  get buttons(): HTMLElement | undefined {
    const items = this.#lineUps.map((lineUp) => {
      const button = make('button', { type: 'button', class: 'link' }, lineUp.words);
      button.addEventListener('click', () => {
        void this.#start(lineUp, true, this.#options.playing()).then(() => this.#options.changed());
      });
      return make('li', {}, button);
    });
    return items.length > 0 ? make('ul', { class: 'tries' }, ...items) : undefined;
  }

  /** The name of the line-up that is shown. */
  get name(): string | undefined {
    return this.#lineUp?.name;
  }

  /** Shows what a link names, or the one fit where it names nothing. */
  openLink({ compare }: LinkedState, playing: boolean): void {
    const lineUp = this.#lineUps.find(({ name }) => name === compare);
    if (lineUp) void this.#start(lineUp, playing, playing);
    else this.#back();
    if (compare !== undefined && !lineUp) {
      this.#options.tell(`There is nothing called “${compare}” to be seen side by side here.`);
    }
  }

  /** What is side by side is fitted to what the controls say. */
  follow(): void {
    const lineUp = this.#lineUp;
    if (lineUp) this.#view?.follow(this.#lanes(lineUp), { own: this.#options.client.own });
  }

  recolour(): void {
    this.#view?.recolour();
  }

  end(): void {
    this.#lineUp = undefined;
    this.#view?.end();
  }

  async #start(lineUp: LineUp, playing: boolean, played: boolean): Promise<void> {
    const { client, colours, show } = this.#options;
    if (!this.#lineUp) this.#played = played;
    this.#lineUp = lineUp;
    // The one fit waits as it is.
    client.pause();
    // True Gaussians that were moved by hand are moved in all of them.
    const { truth } = await client.traits().catch(() => ({ truth: undefined }));
    // Another was asked for meanwhile, or none.
    if (this.#lineUp !== lineUp) return;
    this.#view?.end();
    this.#view?.element.remove();
    const view = new SideBySide({
      title: lineUp.words,
      lanes: this.#lanes(lineUp),
      ground: { own: client.own, ...(truth ? { link: { truth } } : {}) },
      scores: lineUp.scores,
      ...(lineUp.conclude ? { conclude: lineUp.conclude } : {}),
      colours,
      playing,
      open: ({ settings }) => void this.#open(settings),
      back: () => {
        this.#back();
        this.#options.changed();
      },
    });
    this.#view = view;
    show(view.element);
    view.start();
  }

  #back(): void {
    if (!this.#lineUp) return;
    const view = this.#view;
    const root = view?.element.getRootNode();
    const focused = root instanceof ShadowRoot && view?.element.contains(root.activeElement);
    this.#lineUp = undefined;
    this.#view = undefined;
    view?.end();
    view?.element.remove();
    this.#options.show(undefined);
    if (focused) this.#options.focus();
    if (this.#played) this.#options.client.play();
  }

  /** Shows one of them alone. */
  async #open({ speed: _, showFigures: __, figure: ___, ...change }: Settings): Promise<void> {
    this.#back();
    await this.#options.open(change);
    this.#options.client.play();
    this.#options.changed();
  }

  #lanes(lineUp: LineUp): Lane[] {
    const problem = this.#options.problem();
    if (!problem) return [];
    const { settings, known, schema } = problem;
    const speed = schema.find(({ name }) => name === 'speed')?.kind;
    const figure = schema.find(({ name }) => name === 'figure')?.kind;
    const alone = {
      speed: speed?.type === 'integer' ? speed.max : Number(settings.speed),
      // Small canvases have no room for small figures, and are all to show the same.
      showFigures: false,
      ...(figure ? { figure: figure.default } : {}),
    };
    const names = new Set(schema.map(({ name }) => name));
    const truth = truthOf(settings, known);
    const all = settingsOfContenders(lineUp, { settings, truth });
    return lineUp.contenders.map(({ label, why }, index) => ({
      label,
      why,
      experiment: this.#options.core,
      settings: Object.fromEntries(
        Object.entries({ ...all[index], ...alone }).filter(([name]) => names.has(name)),
      ),
    }));
  }
}
