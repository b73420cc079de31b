import { make } from './dom.ts';
import { Drawer, section } from './drawer.ts';
import type { Experiment } from './experiments.ts';

export interface Parts {
  experiment: Experiment;
  tabs: HTMLElement;
  notices: HTMLElement;
  stage: HTMLElement;
  transport: HTMLElement;
  readouts: HTMLElement;
  timeline: HTMLElement;
  data: HTMLElement;
  tries: HTMLElement;
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
}

/** The frame of the page: one order of elements for all widths, arranged by the style sheet. */
export function makeLayout(parts: Parts): Layout {
  const lead = make('div', { class: 'lead-place' });
  // The lead control stands alone on a phone; elsewhere it opens the model's section.
  const modelHeading = make('h2', { class: 'wide' }, 'Model');
  const model = make('div', { class: 'controls' });
  const fit = make('div', { class: 'controls' });
  const more = make('div', { class: 'controls' });
  const seldom = make('details', { class: 'more' }, make('summary', {}, 'More'), more);
  const dataDrawer = new Drawer('Data', 'data-drawer', section('Data', 'wide', parts.data));
  const modelDrawer = new Drawer(
    'Model and fit',
    'model-drawer',
    section('Model', 'narrow', model),
    section('Fit', undefined, fit, seldom),
  );
  const componentsDrawer = new Drawer(
    'Components',
    'components-drawer',
    section('Components', 'wide', parts.components),
  );
  const element = make(
    'main',
    { class: 'app' },
    make('header', {}, make('p', { class: 'brand' }, 'Gaussian Playground'), parts.notices),
    parts.tabs,
    make(
      'div',
      { class: 'intro' },
      make('h1', {}, parts.experiment.title),
      make('p', { class: 'lede' }, parts.experiment.lede),
      make('p', { class: 'short-lede' }, parts.experiment.shortLede),
    ),
    make(
      'div',
      { class: 'center' },
      parts.stage,
      make('div', { class: 'row' }, parts.transport, parts.readouts),
      parts.timeline,
    ),
    make(
      'div',
      { class: 'left' },
      dataDrawer.element,
      make('div', { class: 'section try' }, make('h2', {}, 'Try'), parts.tries),
    ),
    make(
      'div',
      { class: 'right' },
      make('div', { class: 'lead-section' }, modelHeading, lead),
      modelDrawer.element,
      componentsDrawer.element,
    ),
  );
  return { element, dataDrawer, modelDrawer, componentsDrawer, lead, model, fit, more };
}
