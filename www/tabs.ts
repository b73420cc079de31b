import { make } from './dom.ts';
import { type Experiment, experiments } from './experiments/index.ts';
import { icon } from './icons.ts';
import { thumbnail } from './pictures.ts';

/**
 * The experiments, the one shown marked; where there is no room for them, a choice. They are links,
 * so that they can be opened in a new tab; pressed, they open in place.
 */
export function tabs(shown: Experiment, open: (experiment: string) => void): HTMLElement {
  const chosen = shown.under ?? shown.name;
  const withTabs = experiments.filter(({ under }) => under === undefined);
  const links = withTabs.map(({ name, tab }) => {
    const link = make(
      'a',
      { class: 'tab', href: `#v=1&experiment=${name}` },
      thumbnail(name),
      make('span', {}, tab),
    );
    if (name === chosen) {
      link.setAttribute('aria-current', name === shown.name ? 'page' : 'true');
    }
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(name);
    });
    return link;
  });
  const options = experiments.map(({ name, tab }) =>
    make('option', { value: name, selected: name === shown.name }, tab),
  );
  const picker = make('select', { 'aria-label': 'Experiment' }, ...options);
  picker.addEventListener('change', () => open(picker.value));
  return make(
    'nav',
    { class: 'tabs', 'aria-label': 'Experiments' },
    ...links,
    make('span', { class: 'select picker' }, picker, icon('chevron')),
  );
}
