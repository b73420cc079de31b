import { type Follow, paragraph, tryLinks } from './article.ts';
import { make } from './dom.ts';
import { Drawer, section } from './drawer.ts';
import type { Experiment } from './experiments/index.ts';
import { icon } from './icons.ts';
import type { Part } from './parts/index.ts';
import { thumbnail } from './pictures.ts';

export interface Parts {
  experiment: Experiment;
  /** Theme, save, share. */
  actions: HTMLElement[];
  tabs: HTMLElement;
  notices: HTMLElement;
  troubles: HTMLElement;
  stage: HTMLElement;
  transport: HTMLElement;
  readouts: HTMLElement;
  timeline: HTMLElement;
  data: HTMLElement;
  /** Opens a link within the text. */
  follow: Follow;
  /** What runs the same problem in several ways. */
  sideBySide?: HTMLElement | undefined;
  /** What only this experiment has, below the data and below the components. */
  besides?: readonly Part[];
  article: HTMLElement;
  recovered?: HTMLElement;
  components: HTMLElement;
}

export interface Layout {
  readonly element: HTMLElement;
  readonly dataDrawer: Drawer;
  readonly modelDrawer: Drawer;
  readonly componentsDrawer: Drawer;
  /** Where the schema's controls go. */
  readonly lead: HTMLElement;
  readonly model: HTMLElement;
  readonly fit: HTMLElement;
  readonly more: HTMLElement;
  /** Below the canvas. */
  readonly under: HTMLElement;
  /** The canvas and what belongs to it. */
  readonly center: HTMLElement;
}

/** What leads to another experiment that belongs to this one. */
function beside({ beside: other }: Experiment, follow: Follow): HTMLElement[] {
  if (!other) return [];
  const { heading, words, picture } = other;
  return [
    make(
      'section',
      { class: 'section beside' },
      make('h2', {}, heading),
      thumbnail(picture),
      paragraph(words, follow),
    ),
  ];
}

/** The frame of the page: one order of elements for all widths, arranged by the style sheet. */
export function makeLayout(parts: Parts): Layout {
  const lead = make('div', { class: 'lead-place' });
  // The lead control stands alone on a phone; elsewhere it opens the model's section.
  const modelHeading = make('h2', { class: 'wide' }, 'Model');
  const model = make('div', { class: 'controls' });
  const fit = make('div', { class: 'controls' });
  const more = make('div', { class: 'controls' });
  const under = make('div', { class: 'under-place' });
  const seldom = make('details', { class: 'more' }, make('summary', {}, 'More'), more);
  const restarts = make('p', { class: 'restarts-note' });
  restarts.append(icon('restart', 12), 'restarts the fit');
  const dataDrawer = new Drawer('Data', 'data-drawer', section('Data', 'wide', parts.data));
  const modelDrawer = new Drawer(
    'Model and fit',
    'model-drawer',
    section('Model', 'narrow', model),
    section('Fit', undefined, fit, seldom, restarts),
  );
  const own = (place: Part['place']): HTMLElement[] =>
    (parts.besides ?? []).filter((part) => part.place === place).map(({ element }) => element);
  // What stands instead of the table has it below, within reach.
  const instead = own('instead');
  const componentsDrawer = new Drawer(
    parts.experiment.learned,
    'components-drawer',
    ...(parts.recovered ? [parts.recovered] : []),
    section(parts.experiment.learned, 'wide', ...instead, parts.components),
    ...own('right'),
    ...beside(parts.experiment, parts.follow),
  );
  const center = make(
    'div',
    { class: 'center' },
    make('div', { class: 'stage-place' }, parts.stage, parts.troubles),
    under,
    make('div', { class: 'row' }, parts.transport, parts.readouts),
    parts.timeline,
  );
  const element = make(
    'main',
    { class: 'app' },
    make(
      'header',
      {},
      make('p', { class: 'brand' }, 'Gaussian Playground'),
      make('div', { class: 'header-actions' }, ...parts.actions),
    ),
    parts.tabs,
    parts.notices,
    make(
      'div',
      { class: 'intro' },
      make('h1', {}, parts.experiment.title),
      make('p', { class: 'lede' }, parts.experiment.lede),
      make('p', { class: 'short-lede' }, parts.experiment.shortLede),
    ),
    center,
    make(
      'div',
      { class: 'left' },
      dataDrawer.element,
      ...own('left'),
      make(
        'div',
        { class: 'section try' },
        make('h2', {}, 'Try'),
        tryLinks(parts.experiment, parts.follow),
      ),
      parts.sideBySide &&
        make(
          'div',
          { class: 'section line-ups' },
          make('h2', {}, 'Side by side'),
          parts.sideBySide,
        ),
      parts.article,
    ),
    make(
      'div',
      { class: 'right' },
      make('div', { class: 'lead-section' }, modelHeading, lead),
      modelDrawer.element,
      componentsDrawer.element,
    ),
  );
  return {
    element,
    dataDrawer,
    modelDrawer,
    componentsDrawer,
    lead,
    model,
    fit,
    more,
    under,
    center,
  };
}

/** The frame for a figure in a post: the canvas and one row. The page around it writes the rest. */
export function makeMinimalLayout(
  parts: Pick<Parts, 'notices' | 'troubles' | 'stage' | 'transport' | 'readouts' | 'timeline'>,
  open: HTMLElement,
): HTMLElement {
  return make(
    'div',
    { class: 'app minimal' },
    parts.notices,
    make('div', { class: 'stage-place' }, parts.stage, parts.troubles),
    make('div', { class: 'row' }, parts.transport, parts.timeline, parts.readouts, open),
  );
}
