import type { Change } from './controls/index.ts';
import type { Settings } from './engine/protocol.ts';
import { settingsOf } from './engine/protocol.ts';

/** What a change of settings came to. */
export interface Answer {
  settings: object;
  /** Those that are usual for the data. */
  normal: object;
  notices: string[];
  restarted: boolean;
}

/**
 * The settings as the visitor sees them. Changes that come faster than the Worker answers are
 * joined, so that a dragged slider asks for its latest place and not for each on the way.
 */
export class Session {
  readonly #configure: (change: Change) => Promise<Answer>;
  readonly #shown: (settings: Settings, normal: Settings) => void;
  #inForce: Settings;
  #normal: Settings;
  #queued: Change | undefined;
  #running: Promise<Answer | undefined> | undefined;

  constructor(
    settings: Settings,
    normal: Settings,
    configure: (change: Change) => Promise<Answer>,
    shown: (settings: Settings, normal: Settings) => void,
  ) {
    this.#inForce = settings;
    this.#normal = normal;
    this.#configure = configure;
    this.#shown = shown;
    this.#show();
  }

  /** Asks for a change; resolves once it, joined with what came meanwhile, is in force. */
  change(change: Change): Promise<Answer | undefined> {
    this.#queued = { ...this.#queued, ...change };
    this.#show();
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #work(): Promise<Answer | undefined> {
    let configured: Answer | undefined;
    const notices: string[] = [];
    let restarted = false;
    while (this.#queued) {
      const change = this.#queued;
      this.#queued = undefined;
      try {
        configured = await this.#configure(change);
      } catch (error) {
        this.#queued = undefined;
        this.#show();
        throw error;
      }
      notices.push(...configured.notices);
      restarted ||= configured.restarted;
      this.accept(configured);
    }
    return configured && { ...configured, notices, restarted };
  }

  /** Takes over settings that are in force, and those that are usual for their data. */
  accept({ settings, normal }: Pick<Answer, 'settings' | 'normal'>): void {
    this.#inForce = settingsOf(settings);
    this.#normal = settingsOf(normal);
    this.#show();
  }

  /** Takes over settings that the fit itself has changed, unless a change is on its way. */
  follow(settings: Settings, normal: Settings): void {
    if (this.#running) return;
    this.#inForce = settings;
    this.#normal = normal;
    this.#show();
  }

  /** With what was asked for and is not in force yet. */
  get shown(): Settings {
    return { ...this.#inForce, ...this.#queued };
  }

  get settings(): Settings {
    return this.#inForce;
  }

  get normal(): Settings {
    return this.#normal;
  }

  #show(): void {
    this.#shown(this.shown, this.#normal);
  }
}
