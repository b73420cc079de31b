import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Settings } from '../engine/protocol.ts';
import { choice } from './choice.ts';
import type { Control, Value } from './field.ts';
import type { Hints } from './hints.ts';
import { seed } from './seed.ts';
import { slider } from './slider.ts';
import { onOff } from './switch.ts';

export type Change = Partial<Settings>;

/** The value of a setting, which the schema names by a plain string. */
export function settingOf(settings: Settings, name: string): Value {
  return settings[name as keyof Settings];
}

/** One setting's change as an object for `configure`. */
export function changeOf(name: string, value: Value): Change {
  return { [name]: value } as Change;
}

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
    const change = (value: Value): void => this.#change(changeOf(setting.name, value));
    const options = {
      setting,
      hints: this.#hints,
      change,
      toDefault: () => change(settingOf(this.#normal, setting.name)),
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
      control.show(settingOf(settings, name), settingOf(normal, name));
    }
  }
}
