import { make, setText, uniqueId } from '../dom.ts';
import type { Report, Settings } from '../engine/protocol.ts';
import type { Part, PartContext } from './index.ts';

const setting = 'colorBy';

/** What the colours say, each in one sentence that can be checked on the canvas. */
const sentences: Record<string, string> = {
  share: 'Mixed colours are shared points.',
  nearest: 'Each point has the colour of its likeliest Gaussian.',
  doubt: 'The stronger a point, the more Gaussians it could have come from.',
};

/** What the points' colours say: the choice, with a sentence about it. */
export class PointColours implements Part {
  readonly place = 'left';
  readonly element: HTMLElement;
  readonly #context: PartContext;
  readonly #group: HTMLElement;
  readonly #help = make('p', { class: 'help' });
  readonly #radios = new Map<string, HTMLInputElement>();

  constructor(context: PartContext) {
    this.#context = context;
    const id = uniqueId('colours');
    this.#group = make('div', { class: 'segmented', role: 'radiogroup', 'aria-labelledby': id });
    this.element = make(
      'section',
      { class: 'section point-colours' },
      make('h2', { id }, 'Colour points by'),
      this.#group,
      this.#help,
    );
  }

  show(_: Report, settings: Settings): void {
    if (this.#radios.size === 0) this.#fill();
    const value = String(settings[setting]);
    const radio = this.#radios.get(value);
    if (radio) radio.checked = true;
    setText(this.#help, sentences[value] ?? '');
  }

  #fill(): void {
    const kind = this.#context.schema().find(({ name }) => name === setting)?.kind;
    if (kind?.type !== 'choice') return;
    const name = uniqueId(setting);
    for (const { value, label } of kind.options) {
      const radio = make('input', { type: 'radio', name, value });
      radio.addEventListener('change', () => void this.#context.change({ [setting]: value }));
      this.#radios.set(value, radio);
      this.#group.append(make('label', {}, radio, make('span', {}, label)));
    }
  }
}
