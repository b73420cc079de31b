import type { Client } from './engine/client.ts';
import type {
  Against,
  Attribute,
  LinkedLane,
  LinkedState,
  OwnData,
  Report,
  Settings,
  Traits,
} from './engine/protocol.ts';
import type { Experiment } from './experiments/index.ts';
import type { ShareActions } from './share.ts';

/** What the inside of the element needs from it. */
export interface BoardOptions {
  host: HTMLElement;
  experiment: Experiment;
  /** Only the canvas and one row, for a figure in a post. */
  minimal: boolean;
  playing: boolean;
  /** The element's attributes, of which those that are settings hold from the start. */
  attributes: Attribute[];
  /** What a link asks for at the start. */
  link: LinkedState | undefined;
  /** What there is to say about that, as sentences. */
  notices: string[];
  /** Data of the visitor's own, brought along from another experiment. */
  own: OwnData | undefined;
  themeButton: HTMLElement;
  share: ShareActions;
  /** Opens another experiment in this one's place. */
  open(experiment: string): void;
  /** Opens what a link within the element says, by what follows its `#`. */
  follow(hash: string): void;
  /** The fit has begun. */
  ready(): void;
  /** Something changed that a link carries; `step` where it is worth a step back of the browser. */
  changed(step: boolean): void;
}

/** What a link carries of a board. */
export interface BoardState extends Traits {
  settings: Settings;
  /** Those in force at iteration 0. */
  starting: Settings;
  normal: Settings;
  report: Pick<Report, 'components' | 'edited'> & { dataset: Pick<Report['dataset'], 'points'> };
  /** The line-up that is shown side by side. */
  compare?: string;
  /** The race that is run. */
  race?: string;
  lanes?: LinkedLane[];
  against?: Against;
}

/** The inside of the element, whichever experiment it shows. */
export interface Inside {
  readonly element: HTMLElement;
  /** The settings in force; `undefined` until there are any. */
  readonly settings: Settings | undefined;
  /** Data of the visitor's own, for another experiment to go on with. */
  readonly own: OwnData | undefined;
  /** Call once the element is in the page. */
  start(): void;
  /** Stops listening; an inside is not started twice. */
  end(): void;
  /** Takes the colours anew from the style sheet. */
  recolour(): void;
  /** What a link carries; `undefined` until there is something to link to. */
  state(): Promise<BoardState | undefined>;
  /** The data, for a link that carries points. */
  points(): ReturnType<Client['points']>;
  /** Brings the experiment to where a link says; one that was pressed here also plays, and is a step to go back. */
  openLink(link: LinkedState, notices?: readonly string[], pressed?: boolean): void;
  /** Takes settings from attributes, as their controls would give them. */
  configureByAttributes(attributes: Attribute[]): void;
}
