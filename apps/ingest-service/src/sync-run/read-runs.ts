import { Injectable } from '@nestjs/common';
import type { Receipt, SyncRun, SyncRunList } from '@tributary/api-contracts';
import type { ConnectionId, SyncRunId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { readReceipts } from '../receipt/receipts.store.ts';
import { warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { firstBoardSeconds } from './progress.ts';
import { readProgress } from './run-objects.store.ts';
import { summaryColumns, summaryOf, type SyncRunRow } from './sync-runs.store.ts';

const undefinedTable = new Set(['42P01', '3F000']);

@Injectable()
export class ReadRuns {
  constructor(private readonly pool: SqlPool) {}

  /** Runs of a connection, newest first. */
  async list(connectionId: ConnectionId, limit: number): Promise<SyncRunList> {
    const { rows } = await this.pool.query<SyncRunRow>(`select ${summaryColumns} from sync_run where connection_id = $1 order by started_at desc limit $2`, [connectionId, limit]);
    return { runs: rows.map(summaryOf) };
  }

  /** @throws NotFound `SYNC_RUN_NOT_FOUND` */
  async one(connectionId: ConnectionId, runId: SyncRunId): Promise<SyncRun> {
    const { rows: [row] } = await this.pool.query<SyncRunRow>(`select ${summaryColumns} from sync_run where connection_id = $1 and id = $2`, [connectionId, runId]);
    if (row === undefined) throw new NotFound('SYNC_RUN_NOT_FOUND', 'There is no such sync run.');
    const [progress, receipts] = await Promise.all([readProgress(this.pool, runId), this.#receipts(connectionId, runId)]);
    const open = row.status === 'running';
    const summary = summaryOf(row);
    return {
      ...summary,
      ...(open ? { rows: sum(progress, 'rowsDone'), apiCalls: sum(progress, 'apiCalls') } : {}),
      objects: progress.map((object) => ({ ...object, receipts: receipts.filter((receipt) => receipt.object === object.object) })),
      firstBoardSeconds: open ? firstBoardSeconds(progress) : null,
    };
  }

  async #receipts(connectionId: ConnectionId, runId: SyncRunId): Promise<Receipt[]> {
    try {
      return await readReceipts(this.pool, warehouseSchemaOf(connectionId), runId);
    } catch (error) {
      // A run that is not planned yet has no schema.
      if (error instanceof Error && 'code' in error && undefinedTable.has(String(error.code))) return [];
      throw error;
    }
  }
}

function sum<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

