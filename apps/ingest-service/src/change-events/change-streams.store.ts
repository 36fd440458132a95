import type { ConnectionId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import type { Sql } from '../sql.ts';
import type { KnownStream, NextStep } from './stream-course.ts';

/** One subscription tells of all objects of an org. */
export const topic = '/data/ChangeEvents';
export const leaseMs = 30_000;

/** A connection whose changes this process follows. */
export interface FollowedConnection {
  readonly id: ConnectionId;
  readonly orgId: string;
  readonly warehouseSchema: string;
}

export interface Follower {
  /** The same after a restart. */
  readonly name: string;
  readonly boot: string;
}

/** Another process follows the connection by now. */
export class StreamLost extends Conflict {
  constructor() {
    super('CHANGE_STREAM_LOST', 'Another process follows the changes of this connection.');
  }
}

/** Takes connections nobody follows: whose person wants it, copied once, with a token, not paused, and not told to wait. */
export async function claimStreams(sql: Sql, { name, boot }: Follower, limit: number): Promise<FollowedConnection[]> {
  await sql.query(
    `insert into change_stream (connection_id, workspace_id, topic) select id, workspace_id, $1 from connection where change_events and state = 'active' and token_state = 'ready' and not paused and last_sync_at is not null on conflict do nothing`, [topic]);
  const { rows } = await sql.query<{ id: ConnectionId; org_id: string; warehouse_schema: string }>(
    `update change_stream s set lease_name = $2, lease_boot = $3, lease_until = now() + $4 * interval '1 ms'
       from connection c
      where c.id = s.connection_id and s.topic = $1 and (s.connection_id) in (
        select f.connection_id from change_stream f join connection k on k.id = f.connection_id
         where f.topic = $1 and k.change_events and k.state = 'active' and k.token_state = 'ready' and not k.paused and k.last_sync_at is not null and k.org_id is not null
           and (f.retry_at is null or f.retry_at <= now()) and (f.lease_until is null or f.lease_until < now() or (f.lease_name = $2 and f.lease_boot <> $3))
         order by f.connection_id limit $5 for update of f skip locked)
     returning c.id, c.org_id, c.warehouse_schema`, [topic, name, boot, leaseMs, limit]);
  return rows.map((row) => ({ id: row.id, orgId: row.org_id, warehouseSchema: row.warehouse_schema }));
}

/** @param ids of the connections this process follows @returns those that are still its own and still to be followed */
export async function renewStreams(sql: Sql, { boot }: Follower, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql.query<{ connection_id: string }>(
    `update change_stream s set lease_until = now() + $2 * interval '1 ms' from connection c
      where c.id = s.connection_id and s.connection_id = any($3::uuid[]) and s.lease_boot = $1 and c.change_events and c.state = 'active' and c.token_state = 'ready' and not c.paused
      returning s.connection_id`, [boot, leaseMs, ids]);
  return new Set(rows.map((row) => row.connection_id));
}

/** Gives a connection back: from then on nothing may be written for it. */
export async function releaseStream(sql: Sql, id: ConnectionId, { boot }: Follower): Promise<void> {
  await sql.query('update change_stream set lease_until = null, lease_boot = null where connection_id = $1 and topic = $2 and lease_boot = $3', [id, topic, boot]);
}

export async function readStream(sql: Sql, id: ConnectionId): Promise<KnownStream> {
  const { rows: [row] } = await sql.query<{ replay_id: Buffer | null; instance_url: string | null; ago: number | null; failures: number }>(
    'select replay_id, instance_url, failures, extract(epoch from now() - heard_at)::float8 * 1000 as ago from change_stream where connection_id = $1 and topic = $2', [id, topic]);
  return { replayId: row?.replay_id ?? null, instanceUrl: row?.instance_url ?? null, heardMsAgo: row?.ago ?? null, failures: row?.failures ?? 0 };
}

/** In the transaction that notes what the events mean. @throws StreamLost */
export async function saveReplayId(sql: Sql, id: ConnectionId, { boot }: Follower, heard: { readonly replayId: Buffer; readonly instanceUrl: string; readonly events: number; readonly holes: number }): Promise<void> {
  const { rows } = await sql.query(
    `update change_stream set replay_id = $4, instance_url = $5, events = events + $6, holes = holes + $7, heard_at = now(), event_at = case when $6 > 0 then now() else event_at end,
            state = 'live', reason = null, retry_at = null, failures = 0
      where connection_id = $1 and topic = $2 and lease_boot = $3 returning 1`, [id, topic, boot, heard.replayId, heard.instanceUrl, heard.events, heard.holes]);
  if (rows.length === 0) throw new StreamLost();
}

/** Salesforce has taken the subscription. */
export async function noteOpened(sql: Sql, id: ConnectionId, { boot }: Follower): Promise<void> {
  await sql.query(`update change_stream set state = 'live', reason = null, retry_at = null where connection_id = $1 and topic = $2 and lease_boot = $3`, [id, topic, boot]);
}

/** A stream ended: what it does next, and when. A hole forgets the replay id. */
export async function noteStep(sql: Sql, id: ConnectionId, { boot }: Follower, { state, waitMs, reason, hole }: NextStep): Promise<void> {
  await sql.query(
    `update change_stream set state = $4, reason = $5, retry_at = now() + $6 * interval '1 ms', replay_id = case when $7 then null else replay_id end, holes = holes + $7::int, failures = failures + 1
      where connection_id = $1 and topic = $2 and lease_boot = $3`, [id, topic, boot, state, reason, waitMs, hole]);
}
