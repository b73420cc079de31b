import { type Decoded, decode, encode, type Known, type LinkState } from './link.ts';

/** Milliseconds between two changes of the page's address: browsers refuse many in a short time. */
const shortestWait = 250;

/** Makes the visitor a new place to come back to, or changes the one that the page is at. */
export type Entry = 'new' | 'same';

/**
 * The page's address: says what is fitted, and calls back when the visitor goes back or forward or
 * opens another link. In a frame that may not touch its history it only reads.
 */
export class Address {
  readonly #known: Known;
  readonly #navigated: (decoded: Decoded) => void;
  /** What the page last wrote or read: events for it are no news. */
  #current = location.hash.slice(1);
  #waiting: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = Number.NEGATIVE_INFINITY;

  /** Listens until the signal aborts. */
  constructor(known: Known, navigated: (decoded: Decoded) => void, signal: AbortSignal) {
    this.#known = known;
    this.#navigated = navigated;
    // A step back brings both events, a link typed over the former only the second.
    for (const type of ['popstate', 'hashchange']) {
      addEventListener(type, () => this.#moved(), { signal });
    }
    addEventListener('pagehide', () => this.#flush(), { signal });
    signal.addEventListener('abort', () => this.#flush());
  }

  read(): Decoded {
    return decode(this.#current, this.#known);
  }

  /**
   * Writes what is fitted. A new entry is written at once, the change of one may wait until the last
   * is a quarter of a second old; of several that wait the last is written.
   */
  write(state: LinkState, entry: Entry): void {
    const text = encode(state);
    if (entry === 'new') {
      // What is left of the former entry belongs there.
      this.#flush();
      if (text !== this.#current) this.#put(text, 'new');
      return;
    }
    this.#waiting = text;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#written + shortestWait - performance.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    const text = this.#waiting;
    this.#forget();
    if (text !== undefined && text !== this.#current) this.#put(text, 'same');
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = undefined;
  }

  #put(text: string, entry: Entry): void {
    try {
      if (entry === 'new') history.pushState(null, '', `#${text}`);
      else history.replaceState(null, '', `#${text}`);
      // As the browser spells it.
      this.#current = location.hash.slice(1);
      this.#written = performance.now();
    } catch {
      // Too many for this browser, or a frame that may not: the page works without an address.
    }
  }

  #moved(): void {
    const text = location.hash.slice(1);
    if (text === this.#current) return;
    // What waited belonged to the entry that was left.
    this.#forget();
    this.#current = text;
    this.#navigated(this.read());
  }
}

/** The address of a page, here or elsewhere, that shows this state. */
export function linkTo(page: string | URL, state: LinkState): string {
  const address = new URL(page);
  address.search = '';
  address.hash = encode(state);
  return address.href;
}
