import { ConnectionId, SyncRunId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import type { Sql } from '../sql.ts';

/** Milliseconds after which a run whose worker is silent is taken over. */
export const leaseMs = 15_000;
export const renewEveryMs = 4_000;

/** This process, to the database. */
export interface WorkerIdentity {
  /** The same after a restart; a restarted process takes its own runs back at once. */
  readonly name: string;
  /** Another one after each start. */
  readonly boot: string;
}

/** A run that this process executes; `epoch` grows with each take-over and fences off a worker that was thought dead. */
export interface ClaimedRun {
  readonly id: SyncRunId;
  readonly connectionId: ConnectionId;
  readonly kind: 'first' | 'incremental';
  readonly epoch: string;
  readonly correlationId: string;
  readonly causedBy: string | null;
  /** Whether its objects are known. */
  readonly planned: boolean;
}

/** Takes the oldest open run that nobody works on; by the database's clock. */
export async function claimRun(sql: Sql, { name, boot }: WorkerIdentity): Promise<ClaimedRun | undefined> {
  const { rows: [row] } = await sql.query<{ id: string; connection_id: string; kind: ClaimedRun['kind']; lease_epoch: string; correlation_id: string; caused_by: string | null; planned: boolean }>(
    `update sync_run set lease_name = $1, lease_boot = $2, lease_until = now() + $3 * interval '1 ms', lease_epoch = lease_epoch + 1
      where id = (select id from sync_run where status = 'running' and (lease_until is null or lease_until < now() or (lease_name = $1 and lease_boot <> $2))
                   order by started_at limit 1 for update skip locked)
      returning id, connection_id, kind, lease_epoch, correlation_id, caused_by, planned`, [name, boot, leaseMs]);
  return row === undefined ? undefined : {
    id: SyncRunId.parse(row.id), connectionId: ConnectionId.parse(row.connection_id), kind: row.kind, epoch: row.lease_epoch,
    correlationId: row.correlation_id, causedBy: row.caused_by, planned: row.planned,
  };
}

/** @returns false when the run is no longer this worker's */
export async function renewLease(sql: Sql, { id, epoch }: ClaimedRun): Promise<boolean> {
  const { rows } = await sql.query(`update sync_run set lease_until = now() + $3 * interval '1 ms' where id = $1 and lease_epoch = $2 and status = 'running' returning id`, [id, epoch, leaseMs]);
  return rows.length > 0;
}

/** Lets another worker take the run at once. */
export async function releaseLease(sql: Sql, { id, epoch }: ClaimedRun): Promise<void> {
  await sql.query('update sync_run set lease_until = null where id = $1 and lease_epoch = $2', [id, epoch]);
}

/** The run was taken over or ended by somebody else; nothing may be written for it. */
export class LeaseLost extends Conflict {
  constructor() {
    super('RUN_LEASE_LOST', 'Another process works on this run.');
  }
}

/** Within a transaction: keeps the run this worker's until the transaction ends. @throws LeaseLost */
export async function requireLease(sql: Sql, { id, epoch }: ClaimedRun): Promise<void> {
  const { rows } = await sql.query(`select 1 from sync_run where id = $1 and lease_epoch = $2 and status = 'running' for share`, [id, epoch]);
  if (rows.length === 0) throw new LeaseLost();
}
