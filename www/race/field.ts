import type { Setting } from '../../pkg/gaussian_playground.js';
import { conditionColour } from '../comparison/strokes.ts';
import type { Hints } from '../controls/hints.ts';
import { type Change, Controls } from '../controls/index.ts';
import { isShown } from '../controls/placement.ts';
import { make, setText, uniqueId } from '../dom.ts';
import type { Settings } from '../engine/protocol.ts';
import { icon } from '../icons.ts';
import { fewestLanes, mostLanes } from '../links/lanes.ts';
import { type Contestant, corner, type Kind, models } from './models.ts';

/** What a contestant's controls show. */
export interface FieldLane {
  contestant: Contestant;
  label: string;
  /** `undefined` until its Worker has begun. */
  table: { schema: Setting[]; settings: Settings; normal: Settings } | undefined;
}

export interface FieldActions {
  change(index: number, change: Change): void;
  model(index: number, name: string): void;
  add(): void;
  remove(index: number): void;
}

/** A contestant's own settings, folded away behind its name. */
class LaneControls {
  readonly element: HTMLDetailsElement;
  readonly #name = make('span', { class: 'lane-name' });
  readonly #model = make('select');
  readonly #place = make('div', { class: 'controls' });
  readonly #corner = make('input', { type: 'checkbox', role: 'switch', class: 'switch' });
  readonly #cornerRow: HTMLElement;
  readonly #remove = make('button', { type: 'button', class: 'link' }, 'Remove');
  readonly #index: number;
  readonly #hints: Hints;
  readonly #actions: FieldActions;
  #controls: Controls | undefined;
  #schema: Setting[] | undefined;
  #choices: readonly string[] = [];

  constructor(index: number, hints: Hints, actions: FieldActions) {
    this.#index = index;
    this.#hints = hints;
    this.#actions = actions;
    const dot = make('span', { class: 'dot' });
    dot.style.background = conditionColour(index);
    const modelId = uniqueId('model');
    this.#model.id = modelId;
    this.#model.addEventListener('change', () => actions.model(index, this.#model.value));
    const cornerId = uniqueId('corner');
    this.#corner.id = cornerId;
    this.#corner.addEventListener('change', () =>
      actions.change(index, { [corner]: this.#corner.checked }),
    );
    this.#cornerRow = make(
      'div',
      { class: 'control switch' },
      make(
        'div',
        { class: 'head' },
        make('label', { class: 'label', for: cornerId }, 'Worst start: one corner'),
        this.#corner,
      ),
    );
    this.#remove.addEventListener('click', () => actions.remove(index));
    this.element = make(
      'details',
      { class: 'lane' },
      make('summary', {}, dot, this.#name, icon('chevron')),
      make(
        'div',
        { class: 'controls' },
        make(
          'div',
          { class: 'control' },
          make('div', { class: 'head' }, make('label', { class: 'label', for: modelId }, 'Model')),
          make('span', { class: 'select' }, this.#model, icon('chevron')),
        ),
      ),
      this.#place,
      this.#cornerRow,
      this.#remove,
    );
  }

  show({ contestant, label, table }: FieldLane, kind: Kind, removable: boolean): void {
    setText(this.#name, label);
    const offered = models.filter((model) => model.kind === kind);
    if (this.#model.options.length !== offered.length || this.#model.value === '') {
      this.#model.replaceChildren(
        ...offered.map(({ name, words }) => make('option', { value: name }, words)),
      );
    }
    this.#model.value = contestant.model.name;
    // One model only is no choice.
    const row = this.#model.closest<HTMLElement>('.control');
    if (row) row.hidden = offered.length < 2;
    this.#remove.hidden = !removable;
    this.#remove.setAttribute('aria-label', `Remove ${label}`);
    this.#cornerRow.hidden = kind !== 'mixture';
    this.#corner.checked = contestant.settings[corner] === true;
    if (!table) return;
    const { schema, settings, normal } = table;
    if (schema !== this.#schema || contestant.model.choices !== this.#choices) {
      this.#schema = schema;
      this.#choices = contestant.model.choices;
      const chosen = this.#choices.flatMap((name) => schema.find((one) => one.name === name) ?? []);
      // Every change starts all of them anew: no mark needs to say so.
      const plain = chosen.map((one) => ({ ...one, restarts: false, lead: false }));
      this.#controls = new Controls(plain, normal, this.#hints, (change) =>
        this.#actions.change(this.#index, change),
      );
      this.#place.replaceChildren(
        ...chosen.flatMap(({ name }) => this.#controls?.element(name) ?? []),
      );
    }
    this.#controls?.show(settings, normal);
    for (const name of this.#choices) {
      const setting = schema.find((one) => one.name === name);
      const control = this.#controls?.element(name);
      if (setting && control) control.hidden = !isShown(setting, settings);
    }
  }
}

/** All contestants' settings, and the way to more or fewer of them. */
export class Field {
  readonly element: HTMLElement;
  readonly #list = make('div', { class: 'lanes' });
  readonly #add = make('button', { type: 'button', class: 'plain add-lane' });
  readonly #hints: Hints;
  readonly #actions: FieldActions;
  #lanes: LaneControls[] = [];

  constructor(hints: Hints, actions: FieldActions) {
    this.#hints = hints;
    this.#actions = actions;
    this.#add.append(icon('plus', 12), 'Add a contestant');
    this.#add.addEventListener('click', () => actions.add());
    this.element = make('div', { class: 'race-field' }, this.#list, this.#add);
  }

  show(lanes: readonly FieldLane[], kind: Kind): void {
    while (this.#lanes.length > lanes.length) this.#lanes.pop()?.element.remove();
    while (this.#lanes.length < lanes.length) {
      const controls = new LaneControls(this.#lanes.length, this.#hints, this.#actions);
      this.#lanes.push(controls);
      this.#list.append(controls.element);
    }
    lanes.forEach((lane, index) => {
      this.#lanes[index]?.show(lane, kind, lanes.length > fewestLanes);
    });
    this.#add.hidden = lanes.length >= mostLanes;
  }
}
