import { make } from '../../dom.ts';
import { fixed, plural } from '../../format.ts';
import type { ChartContent } from './chart.ts';
import { type Cell, mostComponents, pick } from './study.ts';

/** The numbers of the chart, for those who cannot see it or want them. */
export function kTable({ cells, criterion, types }: ChartContent): HTMLTableElement {
  const best = pick(cells, criterion);
  const cellOf = (components: number, type: string): HTMLTableCellElement => {
    const cell = cells.find((one) => one.components === components && one.covarianceType === type);
    if (!cell?.fitted) return make('td', {}, '');
    if (cell.fitted.reason !== '') return make('td', { title: cell.fitted.reason }, 'left out');
    const text = fixed(cell.fitted[criterion], 1);
    return cell === best ? make('td', {}, make('strong', {}, text)) : make('td', {}, text);
  };
  const rows = Array.from({ length: mostComponents }, (_, index) => index + 1).map((components) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, String(components)),
      ...types.map(({ value }) => cellOf(components, value)),
    ),
  );
  return make(
    'table',
    { class: 'k-table' },
    make('caption', { class: 'visually-hidden' }, `${criterion.toUpperCase()} of each fit`),
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'col' }, 'K'),
        ...types.map(({ label }) => make('th', { scope: 'col' }, label)),
      ),
    ),
    make('tbody', {}, ...rows),
  );
}

/** What is left out and why, a sentence a reason. */
export function leftOutInWords(cells: readonly Cell[]): string[] {
  const reasons = new Map<string, number>();
  for (const { fitted } of cells) {
    if (fitted && fitted.reason !== '') {
      reasons.set(fitted.reason, (reasons.get(fitted.reason) ?? 0) + 1);
    }
  }
  return [...reasons].map(([reason, many]) => `${plural(many, 'fit')} left out. ${reason}`);
}
