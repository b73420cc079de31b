import { make, uniqueId } from './dom.ts';
import { type IconName, icon } from './icons.ts';

/** A button that opens a small box below itself. Escape and a press elsewhere close it. */
export class Menu {
  readonly button: HTMLButtonElement;
  readonly box: HTMLElement;

  constructor(name: string, picture: IconName, className: string, ...content: HTMLElement[]) {
    const id = uniqueId('menu');
    this.box = make('div', { id, class: 'menu', popover: 'auto' }, ...content);
    this.button = make(
      'button',
      { type: 'button', class: className, 'aria-expanded': 'false', 'aria-controls': id },
      make('span', { class: 'menu-name' }, name),
    );
    this.button.prepend(icon(picture));
    this.button.popoverTargetElement = this.box;
    this.box.addEventListener('toggle', (event) => {
      const open = (event as ToggleEvent).newState === 'open';
      this.button.setAttribute('aria-expanded', String(open));
      if (open) this.#place();
    });
  }

  /** Below the button, its right edge under the button's, inside the window. */
  #place(): void {
    const { right, bottom } = this.button.getBoundingClientRect();
    const { width, height } = this.box.getBoundingClientRect();
    const room = 8;
    this.box.style.left = `${Math.max(room, Math.min(right, innerWidth - room) - width)}px`;
    this.box.style.top = `${Math.max(room, Math.min(bottom + 6, innerHeight - height - room))}px`;
  }

  close(): void {
    if (this.box.matches(':popover-open')) this.box.hidePopover();
  }
}
