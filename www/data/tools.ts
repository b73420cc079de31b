import type { Tool } from '../../pkg/gaussian_playground.js';
import { make, uniqueId } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { icon } from '../icons.ts';

/** What a press on the canvas does: `pan` moves Gaussians and the view, the others edit the points. */
export type Hand = 'pan' | Tool;

const tools: { tool: Hand; words: string; title: string }[] = [
  { tool: 'pan', words: 'Pan', title: 'Drag Gaussians, or the view' },
  { tool: 'add', words: 'Add', title: 'Click to add points' },
  { tool: 'spray', words: 'Spray', title: 'Spray points' },
  { tool: 'erase', words: 'Erase', title: 'Erase points' },
  { tool: 'drag', words: 'Drag', title: 'Drag points' },
];

const smallest = 6;
const largest = 80;

export interface ToolsActions {
  endStroke(): void;
  undo(): void;
  redo(): void;
}

/** The tools for drawing points, how wide they reach, and the way back. */
export class Tools {
  readonly element: HTMLElement;
  readonly #actions: ToolsActions;
  readonly #chosen: (tool: Hand) => void;
  readonly #width: HTMLElement;
  readonly #undo = this.#button('Undo', 'undo', () => this.#actions.undo());
  readonly #row: HTMLElement;
  readonly #redo = this.#button('Redo', 'redo', () => this.#actions.redo());
  #tool: Hand = 'pan';
  #radius = 24;

  constructor(actions: ToolsActions, chosen: (tool: Hand) => void) {
    this.#actions = actions;
    this.#chosen = chosen;
    const name = uniqueId('tool');
    const group = make('div', { class: 'segmented', role: 'radiogroup', 'aria-label': 'Tool' });
    for (const { tool, words, title } of tools) {
      const radio = make('input', { type: 'radio', name, value: tool, checked: tool === 'pan' });
      radio.addEventListener('change', () => this.#choose(tool));
      group.append(make('label', { title }, radio, make('span', {}, words)));
    }
    const id = uniqueId('radius');
    const range = make('input', { id, type: 'range', min: smallest, max: largest, value: 24 });
    const paint = (): void => {
      this.#radius = Number(range.value);
      const at = (this.#radius - smallest) / (largest - smallest);
      range.style.setProperty('--at', String(at));
    };
    range.addEventListener('input', paint);
    paint();
    this.#width = make(
      'div',
      { class: 'reach', hidden: true },
      make('label', { class: 'label', for: id }, 'Width'),
      range,
    );
    this.#row = make('div', { class: 'tools-row' }, this.#width, this.#undo, this.#redo);
    this.element = make('div', { class: 'tools' }, group, this.#row);
    this.#showRow();
  }

  #button(name: string, picture: 'undo' | 'redo', act: () => void): HTMLButtonElement {
    const button = make('button', {
      type: 'button',
      class: 'tool-button',
      'aria-label': name,
      title: name,
      disabled: true,
    });
    button.append(icon(picture));
    button.addEventListener('click', act);
    return button;
  }

  #choose(tool: Hand): void {
    this.#tool = tool;
    this.#width.hidden = tool !== 'spray' && tool !== 'erase';
    this.#showRow();
    this.#chosen(tool);
  }

  /** The row takes room only once there is something to draw with or to take back. */
  #showRow(): void {
    this.#row.hidden = this.#tool === 'pan' && this.#undo.disabled && this.#redo.disabled;
  }

  /** The tool whose strokes edit the points; `undefined` where a press does not. */
  get stroke(): Tool | undefined {
    return this.#tool === 'pan' || this.element.hidden ? undefined : this.#tool;
  }

  /** How far the tool reaches, in CSS pixels. */
  get radius(): number {
    return this.#radius;
  }

  endStroke(): void {
    this.#actions.endStroke();
  }

  show({ dataset }: Report): void {
    this.element.hidden = !dataset.editable;
    this.#undo.disabled = !dataset.undoable;
    this.#redo.disabled = !dataset.redoable;
    this.#showRow();
  }
}
