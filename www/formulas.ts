import type { Report } from './engine/protocol.ts';

/** A formula on the page whose numbers are those of the fit. */
export interface Formula {
  readonly element: HTMLElement;
  show(report: Report): void;
}
