import { Injectable } from '@nestjs/common';
import type { ObjectProgress, Receipt, SyncRun, SyncRunList, SyncRunSummary } from '@tributary/api-contracts';
import type { ConnectionId, SyncRunId, WorkspaceId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { WorkspaceScope } from '@tributary/persistence';
import { readReceipts } from '../receipt/receipts.store.ts';
import type { Sql } from '../sql.ts';
import { hasWarehouseTable, warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { firstBoardSeconds } from './progress.ts';
import { readProgress } from './run-objects.store.ts';
import { summaryColumns, summaryOf, type SyncRunRow } from './sync-runs.store.ts';

@Injectable()
export class ReadRuns {
  constructor(private readonly scope: WorkspaceScope) {}

  /** Runs of a connection, newest first. */
  async list(workspaceId: WorkspaceId, connectionId: ConnectionId, limit: number): Promise<SyncRunList> {
    const { rows } = await this.scope.runSql(workspaceId, (sql) => sql.query<SyncRunRow>(`select ${summaryColumns} from sync_run where connection_id = $1 order by started_at desc limit $2`, [connectionId, limit]));
    return { runs: rows.map(summaryOf) };
  }

  /** @throws NotFound `SYNC_RUN_NOT_FOUND` */
  async one(workspaceId: WorkspaceId, connectionId: ConnectionId, runId: SyncRunId): Promise<SyncRun> {
    return this.scope.runSql(workspaceId, async (sql) => {
      const { rows: [row] } = await sql.query<SyncRunRow>(`select ${summaryColumns} from sync_run where connection_id = $1 and id = $2`, [connectionId, runId]);
      if (row === undefined) throw new NotFound('SYNC_RUN_NOT_FOUND', 'There is no such sync run.');
      const progress = await readProgress(sql, runId);
      return runOf(summaryOf(row), progress, await receiptsOf(sql, connectionId, runId));
    });
  }
}

function runOf(summary: SyncRunSummary, progress: readonly ObjectProgress[], receipts: readonly Receipt[]): SyncRun {
  const open = summary.status === 'running';
  return {
    ...summary,
    ...(open ? { rows: sum(progress, 'rowsDone'), apiCalls: sum(progress, 'apiCalls') } : {}),
    objects: progress.map((object) => ({ ...object, receipts: receipts.filter((receipt) => receipt.object === object.object) })),
    firstBoardSeconds: open ? firstBoardSeconds(progress) : null,
  };
}

/** A run that is not planned yet has no schema. */
async function receiptsOf(sql: Sql, connectionId: ConnectionId, runId: SyncRunId): Promise<Receipt[]> {
  const schema = warehouseSchemaOf(connectionId);
  return (await hasWarehouseTable(sql, schema, 'receipt')) ? readReceipts(sql, schema, runId) : [];
}

function sum<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
