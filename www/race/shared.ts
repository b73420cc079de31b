import type { Setting } from '../../pkg/gaussian_playground.js';
import type { Hints } from '../controls/hints.ts';
import { type Change, Controls } from '../controls/index.ts';
import { isShown } from '../controls/placement.ts';
import { make, uniqueId } from '../dom.ts';
import type { Settings } from '../engine/protocol.ts';
import { sharedNames } from './entry.ts';
import type { Kind } from './models.ts';
import type { Table } from './track.ts';

/** The settings that all contestants have: their data, and how many Gaussians. */
export class Shared {
  readonly element: HTMLElement;
  readonly lead = make('div');
  readonly #place = make('div', { class: 'controls' });
  readonly #radios = new Map<Kind, HTMLInputElement>();
  readonly #hints: Hints;
  readonly #change: (change: Change) => void;
  #controls: Controls | undefined;
  #schema: Setting[] = [];
  #kind: Kind | undefined;

  constructor(hints: Hints, actions: { change(change: Change): void; kind(kind: Kind): void }) {
    this.#hints = hints;
    this.#change = actions.change;
    const name = uniqueId('kind');
    const labelId = uniqueId('label');
    const group = make('div', {
      class: 'segmented',
      role: 'radiogroup',
      'aria-labelledby': labelId,
    });
    for (const [kind, words] of [
      ['mixture', 'Density'],
      ['regression', 'Regression'],
    ] as const) {
      const radio = make('input', { type: 'radio', name, value: kind });
      radio.addEventListener('change', () => actions.kind(kind));
      this.#radios.set(kind, radio);
      group.append(make('label', {}, radio, make('span', {}, words)));
    }
    this.element = make(
      'div',
      { class: 'data' },
      make(
        'div',
        { class: 'control' },
        make('div', { class: 'head' }, make('span', { class: 'label', id: labelId }, 'Problem')),
        group,
      ),
      this.#place,
    );
  }

  show(kind: Kind, { schema, settings, normal }: Table, shared: Settings, given: boolean): void {
    const radio = this.#radios.get(kind);
    if (radio) radio.checked = true;
    if (kind !== this.#kind) this.#make(kind, schema);
    // What all have been told counts, also where the first has a number of its own.
    const values = { ...settings, ...shared };
    this.#controls?.show(values, { ...normal, components: values.components ?? 0 });
    for (const setting of this.#schema) {
      const control = this.#controls?.element(setting.name);
      if (control) control.hidden = !isShown(setting, values);
    }
    for (const option of this.#controls?.element('dataset')?.querySelectorAll('option') ?? []) {
      const shown = option.value !== 'own' || given || values.dataset === 'own';
      option.hidden = option.disabled = !shown;
    }
  }

  #make(kind: Kind, schema: Setting[]): void {
    this.#kind = kind;
    const names = sharedNames[kind];
    // Every change starts all of them anew: no mark needs to say so.
    this.#schema = names
      .flatMap((name) => schema.find((one) => one.name === name) ?? [])
      .map((setting) => ({ ...setting, restarts: false, lead: setting.name === 'components' }));
    this.#controls = new Controls(this.#schema, {}, this.#hints, this.#change);
    const elements = (lead: boolean): HTMLElement[] =>
      this.#schema
        .filter((setting) => setting.lead === lead)
        .flatMap(({ name }) => this.#controls?.element(name) ?? []);
    this.#place.replaceChildren(...elements(false));
    this.lead.replaceChildren(...elements(true));
  }
}
