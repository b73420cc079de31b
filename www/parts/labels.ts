import { make, setText, uniqueId } from '../dom.ts';
import { section } from '../drawer.ts';
import { errorMessage, type Report, type Settings } from '../engine/protocol.ts';
import { fixed } from '../format.ts';
import type { Part, PartContext } from './index.ts';

/** Lists of priors that differ tell components apart. */
const priorLists = [
  'priorMeans',
  'priorScales',
  'priorShapes',
  'priorRates',
  'priorConcentrations',
];

/** Swaps the labels of two components, and shows what that does to the score. */
class Labels implements Part {
  readonly element: HTMLElement;
  readonly place = 'right';
  readonly #context: PartContext;
  readonly #choices: [HTMLSelectElement, HTMLSelectElement];
  readonly #button = make('button', { type: 'button', class: 'plain' }, 'Swap');
  readonly #result = make('p', { class: 'swap-result', role: 'status' });
  #components = 0;
  #settings: Settings = {};

  constructor(context: PartContext) {
    this.#context = context;
    const choice = (label: string): HTMLSelectElement =>
      make('select', { id: uniqueId('label-choice'), 'aria-label': label });
    this.#choices = [choice('Label'), choice('with')];
    const [one, other] = this.#choices;
    this.#button.addEventListener('click', () => void this.#swap());
    this.element = section(
      'Labels',
      undefined,
      make(
        'p',
        { class: 'note' },
        'Nothing in the data says which of them is number 1: two that exchange all they have are the same fit.',
      ),
      make('div', { class: 'swap' }, one, make('span', {}, 'and'), other, this.#button),
      this.#result,
    );
  }

  show({ components }: Report, settings: Settings): void {
    this.#settings = settings;
    if (components.length === this.#components) return;
    this.#components = components.length;
    this.element.hidden = components.length < 2;
    setText(this.#result, '');
    this.#choices.forEach((select, index) => {
      const options = components.map((_, k) => make('option', { value: k }, String(k + 1)));
      select.replaceChildren(...options);
      select.value = String(index);
    });
  }

  async #swap(): Promise<void> {
    const [one, other] = this.#choices.map(({ value }) => Number(value));
    if (one === undefined || other === undefined) return;
    if (one === other) {
      setText(this.#result, 'Choose two different ones.');
      return;
    }
    try {
      const { before, after } = await this.#context.client.swap(one, other);
      setText(this.#result, this.#words(before, after));
      this.#result.dataset.before = String(before);
      this.#result.dataset.after = String(after);
    } catch (error) {
      setText(this.#result, errorMessage(error));
    }
  }

  #words(before: number, after: number): string {
    const numbers = `Negative ELBO a point: ${fixed(before, 5)} before, ${fixed(after, 5)} after`;
    const differ = priorLists.some((name) => (this.#settings[name] ?? '') !== '');
    if (before !== after && differ) {
      return `${numbers}. Their priors differ, so the labels matter.`;
    }
    if ((this.#settings.ordering ?? 'none') !== 'none') {
      return `${numbers}: the same, and the order has put them back.`;
    }
    return `${numbers}: the same. An order, chosen under Model, fixes which is which.`;
  }
}

export const makeLabels = (context: PartContext): Part => new Labels(context);
