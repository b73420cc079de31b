import { make } from './dom.ts';
import type { Settings } from './engine/protocol.ts';

export interface Try {
  words: string;
  dataset: Settings['dataset'];
  change: Partial<Settings>;
}

/** Starting points worth a look; each says what comes out. */
export const tries: Try[] = [
  {
    words: 'Galaxies: two small groups beside a large one',
    dataset: 'galaxies',
    change: { components: 3 },
  },
  {
    words: 'An unlucky start: one takes two blobs, two share the third',
    dataset: 'three-blobs',
    change: { seed: 5 },
  },
  {
    words: 'Forget the mixing weights: the blobs are found all the same',
    dataset: 'three-blobs',
    change: { iteration: 'equal-weights' },
  },
  {
    words: 'Penguins: three Gaussians, close to the three species',
    dataset: 'penguins',
    change: { components: 3 },
  },
  {
    words: 'Sixteen on Old Faithful: likelier, but worse by BIC',
    dataset: 'old-faithful',
    change: { components: 16 },
  },
];

export function tryLinks(start: (chosen: Try) => void): HTMLElement {
  const list = make('ul', { class: 'tries' });
  for (const chosen of tries) {
    const link = make('button', { type: 'button', class: 'link' }, chosen.words);
    link.addEventListener('click', () => start(chosen));
    list.append(make('li', {}, link));
  }
  return list;
}
