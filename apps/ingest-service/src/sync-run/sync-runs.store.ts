import { randomUUID } from 'node:crypto';
import type { RunEstimate, SyncRunSummary } from '@tributary/api-contracts';
import { SyncRunId } from '@tributary/event-contracts';
import { v7 as uuidV7 } from 'uuid';
import type { Sql } from '../sql.ts';

/** Why a run ended other than complete. */
export type RunReason = SyncRunSummary['reasons'][number];

export interface SyncRunRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly connection_id: string;
  readonly kind: SyncRunSummary['kind'];
  readonly status: SyncRunSummary['status'];
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly rows: string;
  readonly api_calls: number;
  readonly reasons: RunReason[];
  readonly estimate: RunEstimate | null;
}

export const summaryColumns = 'id, connection_id, kind, status, started_at, finished_at, rows, api_calls, reasons, estimate';

export function summaryOf(row: SyncRunRow): SyncRunSummary {
  return {
    id: row.id, kind: row.kind, status: row.status, startedAt: row.started_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null,
    rows: Number(row.rows), apiCalls: row.api_calls, estimate: row.estimate, reasons: row.reasons,
  };
}

/**
 * Opens a run unless one is open; a partial unique index is behind it.
 * @param onlyDue whether it reads only objects whose time has come
 * @returns undefined when one is open already
 */
export async function openRun(sql: Sql, connectionId: string, cause?: { readonly id: string; readonly correlationid: string }, onlyDue = false): Promise<SyncRunId | undefined> {
  const { rows: [row] } = await sql.query<{ id: string }>(
    `insert into sync_run (id, connection_id, workspace_id, kind, correlation_id, caused_by, only_due)
     select $1, c.id, c.workspace_id, case when c.last_sync_at is null then 'first' else 'incremental' end, $3, $4, $5 and c.last_sync_at is not null from connection c where c.id = $2 and c.state = 'active' and not c.paused
     on conflict (connection_id) where status = 'running' do nothing returning id`, [uuidV7(), connectionId, cause?.correlationid ?? randomUUID(), cause?.id ?? null, onlyDue]);
  return row === undefined ? undefined : SyncRunId.parse(row.id);
}

/** A run for what was just decided. One that is open was planned before: the next one follows it without waiting for the schedule. */
export async function openRunSoon(sql: Sql, connectionId: string): Promise<void> {
  const opened = await openRun(sql, connectionId);
  if (opened === undefined) await sql.query(`update sync_run set followed = true where connection_id = $1 and status = 'running'`, [connectionId]);
}

/** What a run was estimated to take; null for one without an estimate. */
export async function readEstimate(sql: Sql, runId: string): Promise<RunEstimate | null> {
  const { rows: [row] } = await sql.query<{ estimate: RunEstimate | null }>('select estimate from sync_run where id = $1', [runId]);
  return row?.estimate ?? null;
}
