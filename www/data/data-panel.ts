import { make, setText } from '../dom.ts';
import type { Report } from '../engine/protocol.ts';
import { count } from '../format.ts';

export interface DataActions {
  file(file: File): void;
  paste(): void;
  /** Draws so many points from the fitted model and makes them the data. */
  sample(count: number): void;
}

/** What the points are, and the ways to bring one's own. The choice itself is a control. */
export class DataPanel {
  readonly element: HTMLElement;
  /** The schema's data controls go here. */
  readonly controls = make('div', { class: 'controls' });
  readonly #about = make('p', { class: 'about' });
  readonly #points = make('span', { class: 'points' });
  readonly #note = make('span');
  readonly #source = make('span', { class: 'source' });

  readonly #own: HTMLElement;
  readonly #sample: HTMLElement;
  #count = 0;

  constructor(tools: HTMLElement, actions: DataActions) {
    this.#about.append(this.#points, ' ', this.#note, ' ', this.#source);
    const input = make('input', {
      type: 'file',
      class: 'file',
      accept: '.csv,.tsv,.txt,.dat,text/*',
      'aria-label': 'Open a CSV file',
    });
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      // Emptied at once, so that the same file can be opened again after a change.
      if (file) actions.file(file);
      input.value = '';
    });
    const open = make('label', { class: 'link open' }, input, 'Open a CSV');
    const paste = make('button', { type: 'button', class: 'link' }, 'paste');
    paste.addEventListener('click', actions.paste);
    const sample = make('button', { type: 'button', class: 'link' }, 'draw from the fit');
    sample.title = 'As many points again, drawn from the fitted model';
    sample.addEventListener('click', () => actions.sample(this.#count));
    this.#sample = make('span', {}, ', ', sample);
    this.#own = make(
      'p',
      { class: 'own' },
      open,
      ', ',
      paste,
      this.#sample,
      ' or drop a file. Nothing is uploaded.',
    );
    this.element = make('div', { class: 'data' }, this.controls, this.#about, tools, this.#own);
  }

  show({ dataset }: Report): void {
    this.#count = dataset.points;
    this.#points.hidden = dataset.points === 0;
    // An experiment that draws its own data has none to replace.
    this.#own.hidden = dataset.name === 'drawn';
    this.#sample.hidden = !dataset.editable;
    setText(this.#points, `${count(dataset.points)} ${dataset.points === 1 ? 'point' : 'points'}.`);
    setText(this.#note, dataset.note);
    setText(this.#source, dataset.source);
  }
}

/** Bigger files would take more memory than a tab has. */
const largestFile = 200 * 2 ** 20;

/** A copy of a file, since the visitor may change or move it while we still need it. */
export async function copyFile(file: File): Promise<Blob> {
  if (file.size > largestFile) {
    throw new Error(`${file.name} is larger than 200 MB. Open a part of it.`);
  }
  return new Blob([await file.arrayBuffer()]);
}

/** Takes files and text dropped anywhere on the element. */
export function acceptDrops(
  element: HTMLElement,
  actions: { file(file: File): void; text(text: string): void; over(over: boolean): void },
  signal: AbortSignal,
): void {
  const usable = (event: DragEvent): boolean =>
    event.dataTransfer?.types.some((type) => type === 'Files' || type === 'text/plain') ?? false;
  // Entering a child fires before leaving its parent, so the depth is counted.
  let depth = 0;
  const end = (): void => {
    depth = 0;
    actions.over(false);
  };
  element.addEventListener(
    'dragenter',
    (event) => {
      if (!usable(event)) return;
      event.preventDefault();
      depth += 1;
      actions.over(true);
    },
    { signal },
  );
  element.addEventListener(
    'dragover',
    (event) => {
      if (usable(event)) event.preventDefault();
    },
    { signal },
  );
  element.addEventListener(
    'dragleave',
    () => {
      depth -= 1;
      if (depth <= 0) end();
    },
    { signal },
  );
  element.addEventListener(
    'drop',
    (event) => {
      if (!usable(event)) return;
      event.preventDefault();
      end();
      const file = event.dataTransfer?.files[0];
      const text = event.dataTransfer?.getData('text/plain') ?? '';
      if (file) actions.file(file);
      else if (text !== '') actions.text(text);
    },
    { signal },
  );
}
