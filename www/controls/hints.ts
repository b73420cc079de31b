import { make } from '../dom.ts';

/** Help that appears while its control is hovered or focused; one at a time, in the top layer. */
export class Hints {
  readonly element = make('div', { class: 'hint', popover: 'manual', 'aria-hidden': 'true' });
  #owner: HTMLElement | undefined;

  attach(control: HTMLElement, text: string): void {
    const show = (): void => this.#show(control, text);
    const hide = (): void => this.#hide(control);
    control.addEventListener('pointerenter', (event) => {
      if (event.pointerType === 'mouse') show();
    });
    control.addEventListener('pointerleave', () => {
      if (!control.matches(':focus-within')) hide();
    });
    control.addEventListener('focusin', () => {
      if (control.querySelector(':focus-visible')) show();
    });
    control.addEventListener('focusout', hide);
    control.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hide();
    });
  }

  #show(control: HTMLElement, text: string): void {
    this.#owner = control;
    this.element.textContent = text;
    this.element.showPopover();
    const room = 8;
    const around = control.getBoundingClientRect();
    const own = this.element.getBoundingClientRect();
    // Beside the control where there is room, towards the canvas; else above it.
    let left = around.left - own.width - 12;
    let top = around.top - 4;
    if (left < room) left = around.right + 12;
    if (left + own.width > innerWidth - room) {
      left = Math.min(around.left, innerWidth - own.width - room);
      top = around.top - own.height - 4;
      if (top < room) top = around.bottom + 4;
    }
    this.element.style.left = `${Math.max(room, left)}px`;
    this.element.style.top = `${Math.max(room, Math.min(top, innerHeight - own.height - room))}px`;
  }

  #hide(control: HTMLElement): void {
    if (this.#owner !== control) return;
    this.#owner = undefined;
    this.element.hidePopover();
  }
}
