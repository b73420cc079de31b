import { make, setText, uniqueId } from './dom.ts';
import { icon } from './icons.ts';

/**
 * A group of sections. On a phone it is a drawer that opens in place, with the current choice in
 * words; where there is room the style sheet hides the button and always shows the body.
 */
export class Drawer {
  readonly element: HTMLElement;
  readonly #words = make('span', { class: 'words' });

  constructor(name: string, className: string, ...sections: HTMLElement[]) {
    const id = uniqueId('drawer');
    const button = make(
      'button',
      { type: 'button', 'aria-expanded': 'false', 'aria-controls': id },
      make('span', { class: 'name' }, name),
      this.#words,
      icon('chevron'),
    );
    const body = make('div', { class: 'drawer-body', id }, ...sections);
    this.element = make(
      'section',
      { class: `drawer ${className}` },
      make('h2', { class: 'drawer-head' }, button),
      body,
    );
    button.addEventListener('click', () => {
      const open = button.getAttribute('aria-expanded') !== 'true';
      button.setAttribute('aria-expanded', String(open));
      this.element.classList.toggle('open', open);
    });
  }

  describe(words: string): void {
    setText(this.#words, words);
  }
}

/** A heading with what belongs to it; some headings are for one width only. */
export function section(
  heading: string,
  width: 'wide' | 'narrow' | undefined,
  ...content: HTMLElement[]
): HTMLElement {
  return make('div', { class: 'section' }, make('h2', { class: width }, heading), ...content);
}
