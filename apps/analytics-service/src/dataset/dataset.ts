import { CopyFailed } from '../engine/copy-failure.ts';
import { deleteCopy, DuckDbHost, type HostSettings } from '../engine/duckdb-host.ts';
import type { CopyState } from '../engine/protocol.ts';
import { readCatalogue } from '../warehouse/read-catalogue.ts';
import type { Catalogue } from '../warehouse/catalogue.ts';
import type { Warehouse } from '../warehouse/warehouse.client.ts';
import { Debounce } from './debounce.ts';
import { isCurrent, lacksOnlyNews } from './is-current.ts';
import { mergeInto, type MergedObject } from './merge-into.ts';
import { datasetObjects } from './plan-merge.ts';

/** What a dataset tells and asks of the service around it. */
export interface DatasetOwner {
  readonly warehouse: Warehouse;
  readonly host: HostSettings;
  warn(message: string): void;
  /** Runs a merge when it is its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Opens a copy when there is room for it: each is a process with a memory limit of its own. `isNew` tells whether there will be one process more. */
  withRoom<T>(isNew: boolean, open: () => Promise<T>): Promise<T>;
  isErased(connectionId: string): Promise<boolean>;
  refreshed(connectionId: string, objects: readonly MergedObject[]): Promise<void>;
}

/** Milliseconds a merge may take, the first one included. */
export const mergeTimeoutMs = 300_000;
const mergeIntervalMs = 2_000;
/** Pauses after the first, second and further failures in a row; PostgreSQL answers meanwhile. */
const retryAfterMs = [0, 5_000, 30_000];

/** The analysis copy of one connection: made, merged and remade from the warehouse; it can be lost at any moment. */
export class Dataset {
  readonly #debounce = new Debounce(mergeIntervalMs, () => this.refresh());
  #host: DuckDbHost | undefined;
  #state: readonly CopyState[] | undefined;
  #running: Promise<boolean> | undefined;
  #failures = 0;
  #failedAt = 0;
  #erased = false;
  #isMerging = false;

  constructor(
    private readonly connectionId: string,
    readonly file: string,
    private readonly owner: DatasetOwner,
  ) {}

  /** The copy's process while it can answer; for tests and the budget. */
  get host(): DuckDbHost | undefined {
    return this.#host;
  }

  /** Something was committed: the first hint works at once, the following ones together. */
  hint(): void {
    this.#debounce.call();
  }

  /** Whether the copy can answer once it has caught up, which is short. */
  isWarm(catalogue: Catalogue): boolean {
    return this.#isUsable() && this.#state !== undefined && lacksOnlyNews(this.#state, catalogue);
  }

  /** The process that can answer at the versions of the catalogue, or undefined. */
  hostFor(catalogue: Catalogue, versions: 'equal' | 'reached'): DuckDbHost | undefined {
    return this.#isUsable() && this.#state !== undefined && isCurrent(this.#state, catalogue, versions) ? this.#host : undefined;
  }

  /** Brings the copy up to the warehouse; calls while it works share it. @returns whether it is now up to date */
  async refresh(): Promise<boolean> {
    this.#running ??= this.#attempt().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Whether its process could be ended without harm. */
  get isIdle(): boolean {
    return !this.#isMerging && this.#host?.isBusy !== true;
  }

  /** Ends the process; the file stays, and later news open it again. */
  async closeHost(): Promise<void> {
    const host = this.#host;
    this.#host = undefined;
    await host?.close();
  }

  /** Ends the process, and forgets news not yet followed. */
  async close(): Promise<void> {
    this.#debounce.cancel();
    await this.closeHost();
  }

  /** Deletes everything of the connection here. */
  async erase(): Promise<void> {
    this.#erased = true;
    await this.close();
    // A merge that was just beginning may have opened the file again.
    await this.#running;
    await this.close();
    deleteCopy(this.file);
  }

  #isUsable(): boolean {
    return this.#host !== undefined && this.#host.isUsable && !this.#host.isOverBudget;
  }

  async #attempt(): Promise<boolean> {
    const pauseMs = this.#failures === 0 ? 0 : retryAfterMs[Math.min(this.#failures, retryAfterMs.length) - 1] ?? 0;
    if (this.#erased || performance.now() - this.#failedAt < pauseMs) return false;
    try {
      if (await this.owner.isErased(this.connectionId)) return false;
      await this.owner.inTurn(() => this.#merge());
      this.#failures = 0;
      return true;
    } catch (error) {
      await this.#failed(error);
      return false;
    }
  }

  async #merge(): Promise<void> {
    if (this.#erased) return;
    this.#isMerging = true;
    try {
      await this.#mergeInto(await this.owner.withRoom(this.#host === undefined, () => this.#openHost()));
    } finally {
      this.#isMerging = false;
    }
  }

  async #mergeInto(host: DuckDbHost): Promise<void> {
    const state = await host.run({ do: 'state' });
    this.#state = state;
    const merged = await this.owner.warehouse.snapshot(async (client) => {
      const catalogue = await readCatalogue(client, this.connectionId, datasetObjects);
      return catalogue === undefined ? [] : mergeInto(host, client, catalogue, state);
    }, { timeoutMs: mergeTimeoutMs });
    this.#state = await host.run({ do: 'state' });
    if (merged.length > 0) await this.owner.refreshed(this.connectionId, merged);
  }

  async #openHost(): Promise<DuckDbHost> {
    if (this.#host?.isUsable === true && (!this.#host.isOverBudget || this.#host.isBusy)) return this.#host;
    if (this.#host !== undefined && !this.#host.isUsable) deleteIfReplaced(this.#host);
    await this.#host?.close();
    this.#state = undefined;
    try {
      this.#host = await DuckDbHost.open(this.file, this.owner.host);
    } catch (error) {
      // Another process still has the file: it is whole, and will be free.
      if (!(error instanceof CopyFailed) || /\block\b/i.test(error.message)) throw error;
      this.owner.warn(`the copy of ${this.connectionId} cannot be opened and is made anew: ${error.message}`);
      deleteCopy(this.file);
      this.#host = await DuckDbHost.open(this.file, this.owner.host);
    }
    return this.#host;
  }

  /** A copy that fails twice may be damaged inside: it is thrown away, and the next attempt makes it anew. */
  async #failed(error: unknown): Promise<void> {
    this.#failures += 1;
    this.#failedAt = performance.now();
    this.owner.warn(`merging into the copy of ${this.connectionId} failed: ${error instanceof Error ? error.message : String(error)}`);
    if (this.#failures < 2 || !(error instanceof CopyFailed)) return;
    await this.#host?.close();
    this.#host = undefined;
    this.#state = undefined;
    deleteCopy(this.file);
  }
}

/** The file was deleted or replaced under a running process: what lies there now is not trusted. */
function deleteIfReplaced(host: DuckDbHost): void {
  if (!host.isClosed) deleteCopy(host.file);
}
