import { make } from './dom.ts';
import type { Client } from './engine/client.ts';
import type { Report, Settings } from './engine/protocol.ts';
import type { Timeline } from './fit/timeline.ts';
import { Menu } from './menu.ts';

/** What `Save` offers, and the file that each becomes. */
interface Offer {
  words: string;
  file: string;
  make(): Promise<Blob>;
}

type Cell = string | number;

/** A table as CSV (RFC 4180): cells are quoted where they have to be. */
export function csv(columns: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const cell = (value: Cell): string => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(cell).join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function table(text: string): Blob {
  return new Blob([text], { type: 'text/csv' });
}

/** The rows of a flat array. */
function* rowsOf(values: Float64Array, width: number): Generator<Cell[]> {
  for (let start = 0; start < values.length; start += width) {
    yield [...values.subarray(start, start + width)];
  }
}

function* historyRows(history: Timeline['history']): Generator<Cell[]> {
  for (const [row, iteration] of history.iterations.entries()) {
    yield [iteration, ...history.curves.map((values) => values[row] ?? Number.NaN)];
  }
}

export function download(blob: Blob, name: string): void {
  const link = make('a', { download: name });
  link.href = URL.createObjectURL(blob);
  link.click();
  // The browser has taken the file over by then; without this it would stay in memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** What is being shown, as the files need it. */
export interface Shown {
  experiment: string;
  settings: Settings;
  report: Report;
}

/** Everything that a visitor may take away, as files. */
export function saveMenu(
  client: Client,
  timeline: Timeline,
  shown: () => Shown | undefined,
  failed: (error: unknown) => void,
): Menu {
  const offers: Offer[] = [
    { words: 'Picture, PNG', file: 'picture.png', make: () => client.picture() },
    {
      words: 'Parameters, JSON',
      file: 'parameters.json',
      make: async () => {
        const { columns, rows } = await client.parameters();
        const { settings, report } = shown() ?? {};
        const content = {
          experiment: shown()?.experiment,
          dataset: report?.dataset.label,
          iteration: report?.iteration,
          state: report?.state,
          settings,
          measures: [report?.objective, ...(report?.measures ?? [])].map((measure) => ({
            name: measure?.name,
            value: measure?.value,
          })),
          parameters: rows.map((row) =>
            Object.fromEntries(columns.map((column, index) => [column, row[index]])),
          ),
        };
        return new Blob([JSON.stringify(content, undefined, 2)], { type: 'application/json' });
      },
    },
    {
      words: 'Parameters, CSV',
      file: 'parameters.csv',
      make: async () => {
        const { columns, rows } = await client.parameters();
        return table(csv(columns, rows));
      },
    },
    {
      words: 'Data, CSV',
      file: 'data.csv',
      make: async () => {
        const { columns, values } = await client.points();
        return table(csv(columns, rowsOf(values, columns.length)));
      },
    },
    {
      words: 'History, CSV',
      file: 'history.csv',
      make: async () =>
        table(csv(['iteration', ...timeline.curveNames], historyRows(timeline.history))),
    },
  ];
  const list = make('ul', { class: 'menu-list' });
  const menu = new Menu('Save', 'save', 'header-button', list);
  for (const offer of offers) {
    const choose = make('button', { type: 'button' }, offer.words);
    choose.addEventListener('click', () => {
      menu.close();
      const name = shown()?.experiment ?? 'gaussian-playground';
      offer.make().then((blob) => download(blob, `${name}-${offer.file}`), failed);
    });
    list.append(make('li', {}, choose));
  }
  return menu;
}
