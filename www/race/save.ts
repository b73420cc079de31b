import { make } from '../dom.ts';
import { Menu } from '../menu.ts';
import { csv, download } from '../save.ts';
import type { Colours } from '../theme.ts';
import { type RacePicture, racePicture } from './picture.ts';
import type { Track } from './track.ts';

/** What of a race can be taken away. */
interface RaceShown {
  /** The beginning of the files' names. */
  name(): string;
  tracks(): readonly Track[];
  chart(): SVGSVGElement | null;
  verdict(): string;
  colours: Colours;
  failed(): void;
}

const table = (text: string): Blob => new Blob([text], { type: 'text/csv' });

/** The numbers of the table. */
function numbers(tracks: readonly Track[]): Blob {
  return table(
    csv(
      ['contestant', 'experiment', 'score', 'iterations', 'seconds', 'state', 'why', 'settings'],
      tracks.map(({ standing, experiment, panel }) => [
        standing.label,
        experiment,
        standing.score ?? '',
        standing.iterations,
        standing.seconds,
        standing.state,
        standing.message,
        JSON.stringify(panel.lane.settings),
      ]),
    ),
  );
}

/** The lines of the chart. */
function curves(tracks: readonly Track[]): Blob {
  return table(
    csv(
      ['contestant', 'iteration', 'seconds', 'score'],
      tracks.flatMap(({ standing, trace }) =>
        trace.points.map(({ iteration, seconds, score }) => [
          standing.label,
          iteration,
          seconds,
          score,
        ]),
      ),
    ),
  );
}

async function picture({ tracks, chart, verdict, colours }: RaceShown): Promise<Blob> {
  const panels: RacePicture['panels'] = await Promise.all(
    tracks().map(async ({ standing, panel }) => ({
      label: standing.label,
      image: await createImageBitmap(await panel.picture()),
    })),
  );
  const svg = chart();
  return racePicture({ verdict: verdict(), panels, ...(svg ? { chart: svg } : {}) }, colours);
}

/** Picture and numbers, as files. */
export function raceMenu(shown: RaceShown): Menu {
  const offers: { words: string; file: string; make(): Promise<Blob> | Blob }[] = [
    { words: 'Picture, PNG', file: 'picture.png', make: () => picture(shown) },
    { words: 'Numbers, CSV', file: 'numbers.csv', make: () => numbers(shown.tracks()) },
    { words: 'Curves, CSV', file: 'curves.csv', make: () => curves(shown.tracks()) },
  ];
  const items = make('ul', { class: 'menu-list' });
  const menu = new Menu('Save', 'save', 'header-button', items);
  for (const offer of offers) {
    const choose = make('button', { type: 'button' }, offer.words);
    choose.addEventListener('click', () => {
      menu.close();
      Promise.resolve(offer.make()).then(
        (blob) => download(blob, `${shown.name()}-${offer.file}`),
        shown.failed,
      );
    });
    items.append(make('li', {}, choose));
  }
  return menu;
}
