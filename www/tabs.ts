import { make } from './dom.ts';
import { type Experiment, experiments } from './experiments.ts';

/** Links to the experiments; the one shown is marked. */
export function tabs(shown: Experiment): HTMLElement {
  const links = experiments.map(({ name, tab }) => {
    const link = make('a', { class: 'tab', href: `?experiment=${name}` }, tab);
    if (name === shown.name) link.setAttribute('aria-current', 'page');
    return link;
  });
  return make('nav', { class: 'tabs', 'aria-label': 'Experiments' }, ...links);
}
