import type { Setting } from '../../pkg/gaussian_playground.js';
import { conditionColour } from '../comparison/strokes.ts';
import { make } from '../dom.ts';
import {
  errorMessage,
  type Opened,
  type OwnData,
  type Placed,
  type Settings,
  settingsOf,
} from '../engine/protocol.ts';
import { type Lane, Panel } from '../side-by-side/panel.ts';
import type { Colours } from '../theme.ts';
import type { Measure } from './measure.ts';
import type { Standing } from './standings.ts';
import { Trace } from './trace.ts';

/** What the fitting core knows of a contestant's settings. */
export interface Table {
  schema: Setting[];
  settings: Settings;
  normal: Settings;
}

/** A contestant that has its Worker. */
export class Track {
  readonly panel: Panel;
  readonly experiment: string;
  readonly trace: Trace;
  readonly #measure: Measure;
  readonly #life = new AbortController();
  readonly #opened: Promise<void>;
  #notices: string[] = [];
  table: Table | undefined;

  constructor(
    lane: Lane,
    index: number,
    own: OwnData | undefined,
    measure: Measure,
    colours: Colours,
    events: { playing: boolean; changed(): void; open(): void },
  ) {
    this.experiment = lane.experiment;
    this.#measure = measure;
    this.trace = new Trace(lane.experiment, measure.score);
    let began = (): void => {};
    this.#opened = new Promise((resolve) => {
      began = resolve;
    });
    // None goes anywhere before all are ready.
    this.panel = new Panel(lane, { own, limit: 0 }, colours, events.playing, {
      changed: events.changed,
      open: events.open,
      opened: (opened) => {
        this.#take(opened);
        began();
      },
      reported: (report, worked) => this.trace.add(report, worked),
    });
    this.panel.element.dataset.contestant = String(index);
    const dot = make('span', { class: 'dot' });
    dot.style.background = conditionColour(index);
    this.panel.element.querySelector('.panel-head')?.prepend(dot);
  }

  /** Call once the panel is in the page. */
  start(): void {
    this.panel.start(this.#life.signal);
  }

  end(): void {
    this.#life.abort();
  }

  #take({ schema, settings, normal, notices }: Opened): void {
    this.table = { schema, settings: settingsOf(settings), normal: settingsOf(normal) };
    this.#notices = notices;
  }

  /** Iteration 0 of a lane; resolves with what there is to say about its settings. */
  async begin(lane: Lane, inCorner: boolean): Promise<string[]> {
    await this.#opened;
    if (this.#life.signal.aborted) return [];
    this.panel.allow(0);
    this.trace.clear();
    // A Worker opens with its lane; what that had to say counts once.
    const first = this.#notices;
    this.#notices = [];
    try {
      let configured = await this.panel.begin(lane, []);
      if (inCorner) {
        const placed = await this.#corner(Number(settingsOf(configured.settings).components));
        configured = await this.panel.begin(lane, placed);
      }
      if (this.table) {
        const { settings, normal } = configured;
        this.table = {
          ...this.table,
          settings: settingsOf(settings),
          normal: settingsOf(normal),
        };
      }
      return [...first, ...configured.notices];
    } catch (error) {
      return this.#life.signal.aborted ? [] : [...first, errorMessage(error)];
    }
  }

  /** So many components in the corner of the data where all columns are least. */
  async #corner(components: number): Promise<Placed[]> {
    const { columns, values, weight } = await this.panel.points();
    const least = columns.map((_, column) => {
      let low = Number.POSITIVE_INFINITY;
      for (let at = column; at < values.length; at += columns.length) {
        low = Math.min(low, values[at] ?? low);
      }
      return low;
    });
    const mean = least.filter((_, column) => column !== weight);
    return Array.from({ length: components }, () => ({ mean, covariance: [] }));
  }

  get standing(): Standing {
    const { report, lane, worked, word } = this.panel;
    const broken = word === 'Failed' && report?.state !== 'failed';
    return {
      label: lane.label,
      score: report && this.#measure.score.of(report),
      iterations: report?.iteration ?? 0,
      seconds: worked,
      state: broken ? 'broken' : (report?.state ?? 'running'),
      message: report?.message ?? '',
    };
  }
}
