import type { Configured } from '../pkg/gaussian_playground.js';
import type { Change } from './controls/index.ts';
import { suggested } from './controls/placement.ts';
import type { Settings } from './engine/protocol.ts';

/**
 * The settings as the visitor sees them. Changes that come faster than the Worker answers are
 * joined, so that a dragged slider asks for its latest place and not for each on the way.
 */
export class Session {
  readonly #configure: (change: Change) => Promise<Configured>;
  readonly #shown: (settings: Settings, normal: Settings) => void;
  #inForce: Settings;
  #normal: Settings;
  #queued: Change | undefined;
  #running: Promise<Configured | undefined> | undefined;

  constructor(
    settings: Settings,
    configure: (change: Change) => Promise<Configured>,
    shown: (settings: Settings, normal: Settings) => void,
  ) {
    this.#inForce = settings;
    this.#normal = settings;
    this.#configure = configure;
    this.#shown = shown;
  }

  get settings(): Settings {
    return this.#inForce;
  }

  /** Asks for a change; resolves once it, joined with what came meanwhile, is in force. */
  change(change: Change): Promise<Configured | undefined> {
    this.#queued = { ...this.#queued, ...change };
    this.#show();
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #work(): Promise<Configured | undefined> {
    let configured: Configured | undefined;
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
      this.accept(configured.settings, change);
    }
    return configured && { ...configured, notices, restarted };
  }

  /**
   * Takes over settings that are in force. `asked` is the change that brought them about; another
   * data set brings suggestions, which are what is normal for it unless asked for along with it.
   */
  accept(settings: Settings, asked: Change = {}, newData = false): void {
    const otherData = newData || settings.dataset !== this.#inForce.dataset;
    this.#inForce = settings;
    if (otherData) {
      const normal = { ...this.#normal, dataset: settings.dataset };
      for (const name of suggested) {
        if (!(name in asked)) Object.assign(normal, { [name]: settings[name] });
      }
      this.#normal = normal;
    }
    this.#show();
  }

  /** All as it was at first but for data and speed, to be asked for together with a data set. */
  get fresh(): Change {
    const { dataset: _dataset, speed: _speed, ...rest } = this.#normal;
    for (const name of suggested) delete (rest as Change)[name];
    return rest;
  }

  /** What the data set in force suggests. */
  get suggested(): Change {
    return Object.fromEntries(suggested.map((name) => [name, this.#normal[name]]));
  }

  #show(): void {
    this.#shown({ ...this.#inForce, ...this.#queued }, this.#normal);
  }
}
