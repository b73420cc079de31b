import { make } from './dom.ts';
import type { Try } from './experiments.ts';

export function tryLinks(tries: Try[], start: (chosen: Try) => void): HTMLElement {
  const list = make('ul', { class: 'tries' });
  for (const chosen of tries) {
    const link = make('button', { type: 'button', class: 'link' }, chosen.words);
    link.addEventListener('click', () => start(chosen));
    list.append(make('li', {}, link));
  }
  return list;
}
