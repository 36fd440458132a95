import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type AnalyticsConfig } from '../config.ts';
import type { DuckDbHost } from '../engine/duckdb-host.ts';
import type { Catalogue } from '../warehouse/catalogue.ts';
import { Warehouse } from '../warehouse/warehouse.client.ts';
import { Dataset, mergeTimeoutMs, type DatasetOwner } from './dataset.ts';
import { DatasetLedger } from './dataset-ledger.ts';
import { Turns } from './turns.ts';

/** Merges at the same time; the other connections wait, and PostgreSQL answers for them. */
const mergesAtOnce = 2;

/** Milliseconds a question waits for a warm copy to catch up before PostgreSQL answers it: about what PostgreSQL takes itself, from a small org to a large one. */
const catchUpMs = { least: 150, perRow: 0.01, most: 1_500 } as const;

/** The analysis copies of all connections this replica was asked about. */
@Injectable()
export class Datasets {
  readonly #datasets = new Map<string, Dataset>();
  readonly #owner: DatasetOwner;
  readonly #merges = new Turns(mergesAtOnce);
  /** Processes about to start, which take room already. */
  #opening = 0;

  constructor(
    @Inject(CONFIG) private readonly config: AnalyticsConfig,
    warehouse: Warehouse,
    private readonly ledger: DatasetLedger,
  ) {
    const log = new Logger('dataset');
    this.#owner = {
      warehouse,
      host: { threads: config.duckdbThreads, memoryMb: config.duckdbMemoryMb },
      warn: (message) => log.warn(message),
      inTurn: (work) => this.#merges.take(work),
      withRoom: (isNew, open) => this.#withRoom(isNew, open),
      isErased: (connectionId) => this.ledger.isErased(connectionId),
      refreshed: (connectionId, objects) => this.ledger.refreshed(connectionId, objects),
    };
  }

  /** Something of the connection was committed; the copy follows soon. */
  hint(connectionId: string): void {
    this.of(connectionId).hint();
  }

  /**
   * A copy at the versions of the catalogue. A copy that is behind catches up first, within bounds; one that is not there yet is begun.
   * @returns undefined when another engine should answer
   */
  async hostFor(connectionId: string, catalogue: Catalogue, patience: 'short' | 'endless'): Promise<DuckDbHost | undefined> {
    const dataset = this.of(connectionId);
    const current = dataset.hostFor(catalogue, 'equal');
    if (current !== undefined) return current;
    const isPatient = patience === 'endless' || dataset.isWarm(catalogue);
    const catchingUp = this.#catchUp(dataset, catalogue);
    return isPatient ? withinTime(catchingUp, patience === 'endless' ? mergeTimeoutMs : catchUpWithin(catalogue)) : undefined;
  }

  /** Deletes the copy and what is known of the connection; it is not copied again. */
  async erase(connectionId: string): Promise<void> {
    await this.ledger.markErased(connectionId);
    await this.of(connectionId).erase();
    await this.ledger.forget(connectionId);
    this.#datasets.delete(connectionId);
  }

  of(connectionId: string): Dataset {
    const present = this.#datasets.get(connectionId);
    if (present !== undefined) return present;
    const dataset = new Dataset(connectionId, join(this.config.copyFolder, `${connectionId}.duckdb`), this.#owner);
    this.#datasets.set(connectionId, dataset);
    return dataset;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#datasets.values()].map((dataset) => dataset.close()));
  }

  /** A merge that runs already may have begun before the versions asked for: then another one follows. */
  async #catchUp(dataset: Dataset, catalogue: Catalogue): Promise<DuckDbHost | undefined> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const isDone = await dataset.refresh();
      const host = dataset.hostFor(catalogue, 'reached');
      if (host !== undefined || !isDone) return host;
    }
    return undefined;
  }

  async #withRoom<T>(isNew: boolean, open: () => Promise<T>): Promise<T> {
    const more = isNew ? 1 : 0;
    this.#opening += more;
    try {
      await this.#makeRoom();
      return await open();
    } finally {
      this.#opening -= more;
    }
  }

  /** Ends the processes used least, so that with those about to start there are no more than allowed. */
  async #makeRoom(): Promise<void> {
    const open = [...this.#datasets.values()].flatMap((dataset) => (dataset.host === undefined ? [] : [{ dataset, usedAt: dataset.host.usedAt }]));
    const surplus = open.length + this.#opening - this.config.openCopies;
    const idle = open.filter(({ dataset }) => dataset.isIdle).sort((left, right) => left.usedAt - right.usedAt);
    await Promise.all(idle.slice(0, Math.max(0, surplus)).map(({ dataset }) => dataset.closeHost()));
  }
}

function catchUpWithin({ objects }: Catalogue): number {
  const rows = Number(objects.reduce((sum, { storedRows }) => sum + storedRows, 0n));
  return Math.min(catchUpMs.most, catchUpMs.least + rows * catchUpMs.perRow);
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
