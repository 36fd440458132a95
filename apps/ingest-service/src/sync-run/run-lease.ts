import { ConnectionId, SyncRunId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import type { SqlPool } from '@tributary/persistence';
import { usualPlaces, type OtherRun, type WaitingRun } from '../schedule/fair-share.ts';
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
  /** Whether it reads only objects whose time has come. */
  readonly onlyDue: boolean;
  /** Whether its objects are known. */
  readonly planned: boolean;
  /** Workspace and org among which places are shared. */
  readonly workspace: string;
  readonly org: string;
}

interface OpenRunRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly workspace: string;
  readonly org: string;
  readonly kind: ClaimedRun['kind'];
  readonly waited_ms: number;
  readonly free: boolean;
}

const mostLookedAt = 1_000;
/** Open, and nobody works on it: never begun, given back, left by a silent worker, or by this process before it was restarted. */
const isFree = `(r.lease_until is null or r.lease_until < now() or (r.lease_name = $1 and r.lease_boot <> $2))`;

/**
 * Takes the open run whose turn it is; by the database's clock.
 * @param choose which of the waiting runs, given those at work in other processes
 * @returns undefined when there is none, or another process was faster: at the run itself, or at the last place of its org
 */
export async function claimRun(sql: SqlPool, { name, boot }: WorkerIdentity, choose: (waiting: WaitingRun[], elsewhere: OtherRun[]) => WaitingRun | undefined): Promise<ClaimedRun | undefined> {
  const { rows: open } = await sql.query<OpenRunRow>(
    `select r.id, coalesce(c.workspace_id, c.id)::text as workspace, coalesce(c.org_id, c.id::text) as org, r.kind, ${isFree} as free,
            (extract(epoch from now() - r.started_at) * 1000)::float8 as waited_ms
       from sync_run r join connection c on c.id = r.connection_id where r.status = 'running' and (${isFree} or r.lease_boot <> $2) order by r.started_at limit ${mostLookedAt}`, [name, boot]);
  const waiting = open.filter(({ free }) => free).map(({ id, workspace, org, kind, waited_ms: waitedMs }): WaitingRun => ({ id, workspace, org, kind, waitedMs }));
  const chosen = choose(waiting, open.filter(({ free }) => !free));
  return chosen === undefined ? undefined : take(sql, { name, boot }, chosen);
}

/** Those who take a run of one org do so one after the other: what was read before may have changed, and each counts the runs that were taken until then. */
async function take(pool: SqlPool, { name, boot }: WorkerIdentity, { id, workspace, org }: WaitingRun): Promise<ClaimedRun | undefined> {
  const { rows: [row] } = await pool.transaction(async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('run places of ' || $1, 0))`, [org]);
    return client.query<{ id: string; connection_id: string; kind: ClaimedRun['kind']; lease_epoch: string; correlation_id: string; caused_by: string | null; planned: boolean; only_due: boolean }>(
      `update sync_run r set lease_name = $1, lease_boot = $2, lease_until = clock_timestamp() + $3 * interval '1 ms', lease_epoch = lease_epoch + 1
        where id = $4 and status = 'running' and ${isFree}
          and (select count(*) from sync_run o join connection c on c.id = o.connection_id
                where o.status = 'running' and coalesce(c.org_id, c.id::text) = $5 and o.lease_until >= clock_timestamp() and (o.lease_name <> $1 or o.lease_boot = $2)) < $6
        returning id, connection_id, kind, lease_epoch, correlation_id, caused_by, planned, only_due`, [name, boot, leaseMs, id, org, usualPlaces.perOrg]);
  });
  return row === undefined ? undefined : {
    id: SyncRunId.parse(row.id), connectionId: ConnectionId.parse(row.connection_id), kind: row.kind, epoch: row.lease_epoch,
    correlationId: row.correlation_id, causedBy: row.caused_by, planned: row.planned, onlyDue: row.only_due, workspace, org,
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

/**
 * Within a transaction: keeps the run this worker's until the transaction ends, and before it the key of its connection, which rows written later refer to: whoever
 * changes that takes the connection before its runs, too. @throws LeaseLost
 */
export async function requireLease(sql: Sql, { id, connectionId, epoch }: ClaimedRun): Promise<void> {
  const { rows } = await sql.query(
    `select 1 from (select id from connection where id = $1 for key share) c
       cross join lateral (select 1 from sync_run r where r.id = $2 and r.connection_id = c.id and r.lease_epoch = $3 and r.status = 'running' for share) r`, [connectionId, id, epoch]);
  if (rows.length === 0) throw new LeaseLost();
}
