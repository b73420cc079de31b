import { make } from '../dom.ts';
import type { Report, Settings } from '../engine/protocol.ts';
import { count } from '../format.ts';
import type { Part, PartContext } from './index.ts';

/** In CSS pixels. */
const side = 56;
/** The iterations of which there are pictures: those of the tutorial. */
const iterations = [0, 10, 100, 150, 250, 500] as const;

interface Moment {
  readonly iteration: number;
  readonly button: HTMLButtonElement;
  readonly canvas: HTMLCanvasElement;
  /** The components that it shows, and the colours in which it does. */
  drawn: string;
}

/** The fit as it was at some iterations, each filled when the fit gets there; a press goes back to it. */
export class Moments implements Part {
  readonly element: HTMLElement;
  readonly place = 'left';
  readonly #context: PartContext;
  readonly #moments: readonly Moment[];

  constructor(context: PartContext) {
    this.#context = context;
    this.#moments = iterations.map((iteration) => {
      const canvas = make('canvas', { width: side, height: side, 'aria-hidden': 'true' });
      const button = make(
        'button',
        { type: 'button', disabled: true, 'data-iteration': iteration },
        canvas,
        make('span', {}, count(iteration)),
      );
      button.addEventListener('click', () => context.client.seek(iteration));
      return { iteration, button, canvas, drawn: '' };
    });
    this.element = make(
      'section',
      { class: 'section moments' },
      make('h2', {}, 'Moments ', make('span', { class: 'unit' }, 'iteration')),
      make('div', { class: 'moments-grid' }, ...this.#moments.map(({ button }) => button)),
    );
  }

  show(report: Report, settings: Settings): void {
    const most = Number(settings.iterations);
    const colours = `${this.#context.colours.get('page')} ${this.#context.colours.get('ink')}`;
    const { name, label, points } = report.dataset;
    for (const moment of this.#moments) {
      const { iteration, button, canvas } = moment;
      button.hidden =
        iteration > most && !report.milestones.some((one) => one.iteration === iteration);
      const reached = report.milestones.find((one) => one.iteration === iteration);
      button.disabled = !reached;
      button.setAttribute(
        'aria-current',
        String(report.iteration === iteration && Boolean(reached)),
      );
      button.setAttribute(
        'aria-label',
        reached
          ? `Go to iteration ${count(iteration)}`
          : `Iteration ${count(iteration)}: not reached yet`,
      );
      const wanted = reached
        ? `${reached.version} ${name} ${label} ${points} ${colours} ${devicePixelRatio}`
        : '';
      if (wanted === moment.drawn) continue;
      moment.drawn = wanted;
      button.dataset.filled = 'false';
      if (reached) void this.#draw(moment, wanted);
      else canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  /** Asks for the picture and shows it, unless another one has been wanted meanwhile. */
  async #draw(moment: Moment, wanted: string): Promise<void> {
    const { client } = this.#context;
    const { iteration, button, canvas } = moment;
    try {
      const components = await client.componentsAt(iteration);
      if (components.length === 0 || moment.drawn !== wanted) return;
      const size = { width: side, height: side, pixelRatio: devicePixelRatio };
      const bitmap = await client.thumbnail(components, size, 'density');
      if (moment.drawn === wanted) {
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
        button.dataset.filled = 'true';
      }
      bitmap.close();
    } catch {
      // A Worker that died has its own sentence; the next report asks again.
      moment.drawn = '';
    }
  }
}
