import { make } from './dom.ts';
import { type Experiment, experiments } from './experiments.ts';
import { icon } from './icons.ts';

const address = (name: string): string => `?experiment=${name}`;

/** Links to the experiments, the one shown marked; where there is no room for them, a choice. */
export function tabs(shown: Experiment): HTMLElement {
  const links = experiments.map(({ name, tab }) => {
    const link = make('a', { class: 'tab', href: address(name) }, tab);
    if (name === shown.name) link.setAttribute('aria-current', 'page');
    return link;
  });
  const options = experiments.map(({ name, tab }) =>
    make('option', { value: name, selected: name === shown.name }, tab),
  );
  const picker = make('select', { 'aria-label': 'Experiment' }, ...options);
  picker.addEventListener('change', () => {
    location.search = address(picker.value);
  });
  return make(
    'nav',
    { class: 'tabs', 'aria-label': 'Experiments' },
    ...links,
    make('span', { class: 'select picker' }, picker, icon('chevron')),
  );
}
