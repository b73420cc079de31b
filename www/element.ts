import { Board } from './board.ts';
import { ComparisonBoard } from './comparison/board.ts';
import { make } from './dom.ts';
import type { LinkedState, OwnData, Placed } from './engine/protocol.ts';
import { type Experiment, experimentNamed, experiments } from './experiments/index.ts';
import { icon } from './icons.ts';
import type { BoardOptions, Inside } from './inside.ts';
import { linkTo } from './links/address.ts';
import { homeOf } from './links/home.ts';
import { decode, type Placed as LinkedPlaced, type LinkState, mostPoints } from './links/link.ts';
import { linkOf, type Share } from './links/state.ts';
import { RaceBoard } from './race/board.ts';
import { styleSheets } from './styles/index.ts';
import {
  isThemeChoice,
  nextTheme,
  rememberedTheme,
  rememberTheme,
  type ThemeChoice,
  watchSystemTheme,
} from './theme.ts';

/** What the page is told by the event `playground-change`. */
export interface ChangeDetail {
  /** Whether the browser's back button should lead to before it. */
  step: boolean;
  /** What it came to, where a link says so that was pressed within the element. */
  state?: LinkState;
}

const themeWords: Record<ThemeChoice, { words: string; picture: 'auto' | 'sun' | 'moon' }> = {
  auto: { words: 'Theme: as the system', picture: 'auto' },
  light: { words: 'Theme: light', picture: 'sun' },
  dark: { words: 'Theme: dark', picture: 'moon' },
};

/** A component as a link has it: a true Gaussian always has its amplitude. */
function whole({ weight, mean, covariance }: Placed): LinkedPlaced {
  return { weight: weight ?? 0, mean, covariance: covariance ?? [] };
}

/** What draws the experiment. */
function makeBoard(options: BoardOptions): Inside {
  switch (options.experiment.board) {
    case 'comparison':
      return new ComparisonBoard(options);
    case 'race':
      return new RaceBoard(options);
    default:
      return new Board(options);
  }
}

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * `<gaussian-playground>`: holds one experiment at a time. Attributes: `experiment`, `controls`
 * (`full` or `minimal`), `theme` (`auto`, `light` or `dark`), `link` (what follows the `#` of a
 * shared address), and every setting by its name.
 */
export class GaussianPlayground extends HTMLElement {
  static readonly observedAttributes = ['experiment', 'controls', 'theme', 'link'];

  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #themeButton = make('button', { type: 'button', class: 'header-button square' });
  #theme: ThemeChoice = 'auto';
  #board: Inside | undefined;
  #experiment: Experiment = experimentNamed(null);
  #watching: AbortController | undefined;
  #attributes: MutationObserver | undefined;
  /** What the next board starts from. */
  #link: LinkedState | undefined;
  #notices: string[] = [];
  /** The settings that were in force when the element was taken out of its page. */
  #left: LinkedState | undefined;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = styleSheets();
    this.#themeButton.addEventListener('click', () => {
      const choice = nextTheme(this.#theme);
      rememberTheme(choice);
      this.#setTheme(choice);
    });
  }

  connectedCallback(): void {
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    const chosen = this.getAttribute('theme');
    this.#setTheme(isThemeChoice(chosen) ? chosen : rememberedTheme());
    watchSystemTheme(() => this.#setTheme(this.#theme), signal);
    this.#attributes = new MutationObserver((changes) => this.#attributesChanged(changes));
    this.#attributes.observe(this, { attributes: true });
    const link = this.getAttribute('link');
    if (this.#board) {
      // Taken out and put back: as it was, but for the iterations.
      this.#link = this.#left;
      this.#show(this.#board.own);
    } else if (link === null) {
      this.#experiment = experimentNamed(this.getAttribute('experiment'));
      this.#show(undefined);
    } else {
      this.#openAddress(link);
    }
  }

  #openAddress(link: string): void {
    const known = { experiments: experiments.map(({ name }) => name) };
    const { state, notices } = decode(link, known);
    this.openLink(state, notices);
  }

  disconnectedCallback(): void {
    this.#watching?.abort();
    this.#attributes?.disconnect();
    const settings = this.#board?.settings;
    this.#left = settings && { settings, live: [], placed: [] };
    this.#board?.end();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || before === now || !this.#watching) return;
    if (name === 'theme') {
      this.#setTheme(isThemeChoice(now) ? now : rememberedTheme());
    } else if (name === 'controls') {
      this.#show(this.#board?.own);
    } else if (name === 'link') {
      this.#openAddress(now ?? '');
    } else if (now !== this.#experiment.name) {
      this.open(now ?? '');
    }
  }

  /** Brings the element to where a link within its text leads. */
  #follow(hash: string): void {
    const known = { experiments: experiments.map(({ name }) => name) };
    const { state, notices } = decode(hash, known);
    const here = this.#experiment;
    this.openLink(state, notices, true);
    // Another experiment tells of itself once it has begun.
    if (state.placed && here === this.#experiment) this.#changed(true, state);
  }

  /** Opens an experiment by name, with the visitor's own data where it takes them. */
  open(experiment: string): void {
    this.#experiment = experimentNamed(experiment);
    this.#link = undefined;
    this.#show(this.#board?.own, () => this.#changed(true));
  }

  /** Brings the element to where a link says; one that was `pressed` here also plays, and is a step to go back. */
  openLink(
    {
      experiment,
      settings,
      live,
      placed,
      view,
      points,
      truth,
      compare,
      race,
      lanes,
      against,
    }: LinkState,
    notices: string[],
    pressed = false,
  ): void {
    const link: LinkedState = {
      settings,
      live,
      placed: placed ?? [],
      ...(view ? { view } : {}),
      ...(truth ? { truth } : {}),
      ...(compare === undefined ? {} : { compare }),
      ...(race === undefined ? {} : { race }),
      ...(lanes ? { lanes } : {}),
      ...(against ? { against } : {}),
      ...(points ? { points: { ...points, values: Float64Array.from(points.values) } } : {}),
    };
    const known = experiments.some(({ name }) => name === experiment);
    const words = [...notices];
    if (experiment !== '' && !known) {
      words.push(`There is no experiment “${experiment}”.`);
    }
    // A link of the element's own text has said so itself.
    if (link.placed.length > 0 && !pressed) words.push('Starts from an edited state.');
    const wanted = experimentNamed(experiment === '' ? null : experiment);
    const board = this.#board;
    if (board && wanted === this.#experiment && this.isConnected) {
      board.openLink(link, words, pressed);
      return;
    }
    this.#experiment = wanted;
    this.#link = link;
    this.#notices = words;
    if (!this.isConnected) return;
    if (pressed) this.#show(board?.own, () => this.#changed(true), true);
    else this.#show(board?.own);
  }

  /** What a link to the present state says; `undefined` until there is something to link to. */
  async linkState(reproducible = false): Promise<Share | undefined> {
    const state = await this.#board?.state();
    const board = this.#board;
    if (!state || !board) return undefined;
    const { settings, starting, normal, live, report, compare, race, lanes, against } = state;
    const few = report.dataset.points <= mostPoints;
    const own = settings.dataset === 'own' ? few && (await board.points()) : undefined;
    const { name, start } = this.#experiment;
    const view = state.view as LinkState['view'];
    return linkOf(
      {
        experiment: name,
        settings,
        starting,
        normal,
        live,
        components: report.components,
        edited: report.edited,
        ...(own === false ? { points: 'too-many' as const } : {}),
        ...(own ? { points: { ...own, values: [...own.values] } } : {}),
        ...(state.truth ? { truth: state.truth.map(whole) } : {}),
        ...(view ? { view } : {}),
        ...(compare === undefined ? {} : { compare }),
        ...(race === undefined ? {} : { race }),
        ...(lanes ? { lanes } : {}),
        ...(against ? { against } : {}),
        ...(start.dataset === undefined ? {} : { dataset: start.dataset }),
      },
      reproducible,
    );
  }

  /** `ready` is called once there is something to link to. */
  #show(own: OwnData | undefined, ready = (): void => {}, playing = !reducedMotion.matches): void {
    this.#board?.end();
    const link = this.#link;
    const notices = this.#notices;
    this.#link = undefined;
    this.#notices = [];
    const options: BoardOptions = {
      host: this,
      experiment: this.#experiment,
      minimal: this.getAttribute('controls') === 'minimal',
      playing,
      attributes: [...this.attributes].map(({ name, value }) => ({ name, value })),
      link,
      own,
      notices,
      themeButton: this.#themeButton,
      share: { address: (reproducible) => this.#address(reproducible) },
      open: (experiment) => this.open(experiment),
      follow: (hash) => this.#follow(hash),
      ready,
      changed: (step) => this.#changed(step),
    };
    const board = makeBoard(options);
    this.#board = board;
    this.#root.replaceChildren(board.element);
    board.start();
  }

  async #address(reproducible: boolean): Promise<{ page: string; embed: string; note: string }> {
    const share = await this.linkState(reproducible);
    // Until the fit has begun, what it will begin with.
    const { page: _page, theme: _theme, ...link } = decode(this.getAttribute('link') ?? '').state;
    const state = share?.state ?? { ...link, experiment: this.#experiment.name };
    return {
      page: linkTo(homeOf('index.html'), state),
      embed: linkTo(homeOf('embed.html'), state),
      note: share?.notes.join(' ') ?? '',
    };
  }

  #setTheme(choice: ThemeChoice): void {
    this.#theme = choice;
    // The style sheets follow `color-scheme`.
    this.dataset.theme = choice;
    const { words, picture } = themeWords[choice];
    this.#themeButton.replaceChildren(icon(picture));
    this.#themeButton.setAttribute('aria-label', words);
    this.#themeButton.title = words;
    this.#board?.recolour();
  }

  /** Attributes that are settings act as their controls do. */
  #attributesChanged(changes: MutationRecord[]): void {
    const own = GaussianPlayground.observedAttributes;
    const names = new Set(changes.map(({ attributeName }) => attributeName ?? ''));
    const attributes = [...this.attributes]
      .filter(({ name }) => names.has(name) && !own.includes(name))
      .map(({ name, value }) => ({ name, value }));
    if (attributes.length > 0) this.#board?.configureByAttributes(attributes);
  }

  #changed(step: boolean, state?: LinkState): void {
    const detail: ChangeDetail = { step, ...(state ? { state } : {}) };
    this.dispatchEvent(new CustomEvent('playground-change', { detail }));
  }
}
