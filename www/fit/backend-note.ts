import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';

/** What iterations run on, and why, in words. */
export class BackendNote {
  readonly element = make('p', { class: 'backend-note' });

  show({ backend, backendReason }: Report): void {
    this.element.dataset.value = backend;
    setText(this.element, `On the ${backend.toUpperCase()}. ${backendReason}`);
  }
}
