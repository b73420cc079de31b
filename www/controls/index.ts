import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';
import { choice } from './choice.ts';
import type { Control, Value } from './field.ts';
import type { Hints } from './hints.ts';
import { list } from './list.ts';
import { seed } from './seed.ts';
import { slider } from './slider.ts';
import { onOff } from './switch.ts';

export type Change = Settings;

/** All controls, made from the schema and from nothing else. */
export class Controls {
  readonly #controls = new Map<string, Control>();
  readonly #change: (change: Change) => void;
  readonly #hints: Hints;
  #normal: Settings;

  constructor(schema: Setting[], normal: Settings, hints: Hints, change: (change: Change) => void) {
    this.#normal = normal;
    this.#hints = hints;
    this.#change = change;
    for (const setting of schema) this.#controls.set(setting.name, this.#make(setting));
  }

  #make(setting: Setting): Control {
    const change = (value: Value): void => this.#change({ [setting.name]: value });
    const options = {
      setting,
      hints: this.#hints,
      change,
      toDefault: () => change(this.#normal[setting.name] ?? 0),
    };
    switch (setting.kind.type) {
      case 'integer':
      case 'number':
        return slider(options);
      case 'choice':
        return choice(options);
      case 'switch':
        return onOff(options);
      case 'seed':
        return seed(options);
      case 'list':
        return list(options);
    }
  }

  /** The control's element, to be put where the layout wants it. */
  element(name: string): HTMLElement | undefined {
    return this.#controls.get(name)?.element;
  }

  /** Shows the settings in force against those that are normal for this data. */
  show(settings: Settings, normal: Settings): void {
    this.#normal = normal;
    for (const [name, control] of this.#controls) {
      control.show(settings[name] ?? 0, normal[name] ?? 0);
    }
  }
}
