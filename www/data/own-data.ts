import type { ColumnCheck, Configured, TableSummary } from '../../pkg/gaussian_playground.js';
import type { Client } from '../engine/client.ts';

export interface OwnDataEvents {
  /** The table needs a choice, or has rows that cannot be used. */
  choose(table: TableSummary): void;
  used(configured: Configured): void;
}

/** A visitor's own table: read in the Worker, used at once where nothing is left to ask. */
export class OwnData {
  readonly #client: Client;
  readonly #events: OwnDataEvents;
  #table: { source: Blob; name: string } | undefined;
  #given = false;

  constructor(client: Client, events: OwnDataEvents) {
    this.#client = client;
    this.#events = events;
  }

  /** True once a table has been fitted, so that it can be chosen again. */
  get given(): boolean {
    return this.#given;
  }

  /** Reads a table. The running fit and the former data stay as they are until one is used. */
  async read(source: Blob, name: string): Promise<void> {
    const table = await this.#client.readTable(source, name);
    this.#table = { source, name };
    const all = table.columns.map(({ index }) => index);
    if (all.length <= 2 && table.columns.every(({ numeric }) => numeric)) {
      const { problemCount } = await this.#client.checkColumns(all);
      if (problemCount === 0) {
        await this.use(all);
        return;
      }
    }
    this.#events.choose(table);
  }

  check(columns: number[]): Promise<ColumnCheck> {
    return this.#client.checkColumns(columns);
  }

  async use(columns: number[]): Promise<void> {
    if (!this.#table) throw new Error('There is no table yet.');
    const configured = await this.#client.useColumns({ ...this.#table, columns });
    this.#given = true;
    this.#events.used(configured);
  }
}
