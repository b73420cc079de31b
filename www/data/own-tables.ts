import type { ColumnCheck, Configured, TableSummary } from '../../pkg/gaussian_playground.js';
import type { Client } from '../engine/client.ts';
import type { Further } from './columns-dialog.ts';

export interface OwnTableEvents {
  /** The table needs a choice, or has rows that cannot be used. */
  choose(table: TableSummary): void;
  used(configured: Configured): void;
}

/** A visitor's own table: read in the Worker, used at once where nothing is left to ask. */
export class OwnTables {
  readonly #client: Client;
  readonly #events: OwnTableEvents;
  /** Columns that need no question: all of them are used. */
  readonly #most: number;
  #table: { source: Blob; name: string } | undefined;

  constructor(client: Client, further: Further, events: OwnTableEvents) {
    this.#client = client;
    this.#most = further === 'target' ? 3 : 2;
    this.#events = events;
  }

  /** Reads a table. The running fit and the former data stay as they are until one is used. */
  async read(source: Blob, name: string): Promise<void> {
    const table = await this.#client.readTable(source, name);
    this.#table = { source, name };
    const all = table.columns.map(({ index }) => index);
    if (all.length <= this.#most && table.columns.every(({ numeric }) => numeric)) {
      const { problemCount } = await this.#client.checkColumns(all);
      if (problemCount === 0) {
        await this.use(all);
        return;
      }
    }
    this.#events.choose(table);
  }

  check(columns: number[], weight?: number): Promise<ColumnCheck> {
    return this.#client.checkColumns(columns, weight);
  }

  async use(columns: number[], weight?: number): Promise<void> {
    if (!this.#table) throw new Error('There is no table yet.');
    const chosen = weight === undefined ? { columns } : { columns, weight };
    const configured = await this.#client.useColumns({ ...this.#table, ...chosen });
    this.#events.used(configured);
  }
}
