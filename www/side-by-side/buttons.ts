import { make } from '../dom.ts';
import type { LineUp } from './line-ups.ts';

/** Each runs the problem as it is in several ways. */
export function lineUpButtons(lineUps: LineUp[], start: (chosen: LineUp) => void): HTMLElement {
  const list = make('ul', { class: 'tries line-ups', hidden: lineUps.length === 0 });
  for (const chosen of lineUps) {
    const link = make('button', { type: 'button', class: 'link' }, chosen.words);
    link.addEventListener('click', () => start(chosen));
    list.append(make('li', {}, link));
  }
  return list;
}
