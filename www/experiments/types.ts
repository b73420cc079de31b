import type { Further } from '../data/columns-dialog.ts';
import type { Against, LinkedLane, Settings } from '../engine/protocol.ts';
import type { Formula } from '../formulas.ts';
import type { Placed } from '../links/link.ts';
import type { PartName } from '../parts/index.ts';

/** A state of the page that a link brings up: the settings that an experiment begins with, but for these. */
export interface Jump {
  /** What comes out, not what is set. */
  words: string;
  experiment: string;
  settings?: Settings;
  /** Where components start. */
  placed?: Placed[];
  /** The true Gaussians, in place of those that the data seed draws. */
  truth?: Placed[];
  /** The line-up that is shown side by side. */
  compare?: string;
  /** The race that is run, its contestants where they are others, and what its scores are drawn against. */
  race?: string;
  lanes?: LinkedLane[];
  against?: Against;
}

/** A paragraph: text, with links in it. */
export type Words = string | (string | Jump)[];

export interface Section {
  heading: string;
  paragraphs: Words[];
}

/** A question with its answer, which is shown when it is asked for. */
export interface Question {
  question: string;
  answer: Words[];
}

/** What stands beside the canvas for a curious reader. */
export interface Article {
  /** The model as a formula with its live numbers. */
  formula?: () => Formula;
  sections: Section[];
  questions?: Question[];
  /** Where it comes from. */
  source: string;
}

/** The words of an experiment; its data, controls and numbers come from the fitting core. */
export interface Experiment {
  /** Its name in links. */
  name: string;
  /** Its name in the fitting core, which one of several experiments may share. */
  core: string;
  /** What draws it instead of the canvas and its row. */
  board?: 'comparison' | 'race';
  /** The settings that it begins with, where they are not those that are usual for the data. */
  start: Settings;
  /** The settings whose controls it does not show while they are as it began. */
  hidden: string[];
  /** The experiment whose tab is marked for it, where it has none of its own. */
  under?: string;
  title: string;
  /** The tab's label where the title is too long. */
  tab: string;
  /** Two short sentences, checkable on the canvas. */
  lede: string;
  /** One short one, for phones. */
  shortLede: string;
  /** The settings that a closed drawer tells. */
  summary: string[];
  /** What a further column of the visitor's own data stands for. */
  further: Further;
  /** What the numbers that it learns are headed by. */
  learned: string;
  /** What it has beside the canvas that others do not have, in the page's order. */
  parts?: PartName[];
  /** Starting points worth a look; each says what comes out. */
  tries: Jump[];
  /** What leads to another experiment that belongs to this one. */
  beside?: { heading: string; words: Words; picture: string };
  article: Article;
}
