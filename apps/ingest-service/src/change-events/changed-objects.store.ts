import type { ConnectionId } from '@tributary/event-contracts';
import { quoted, type Sql } from '../sql.ts';
import type { ObjectChange } from './change-effect.ts';
import { wakeGapMs } from './wake-pace.ts';

/** A poll of everything costs calls for every object. */
const allGapMs = 15 * 60_000;

/** Notes which copied objects changed; others are not looked at. @returns whether any was noted */
export async function noteChanged(sql: Sql, connection: { readonly id: ConnectionId; readonly warehouseSchema: string }, changes: readonly ObjectChange[]): Promise<boolean> {
  if (changes.length === 0) return false;
  const { rows } = await sql.query(
    `insert into changed_object as c (connection_id, workspace_id, object, due_at, deleted_ids, resync)
     select $1, (select workspace_id from connection where id = $1 for key share), s.object, clock_timestamp() + $3 * interval '1 ms', n."deletedIds", n.resync
       from jsonb_to_recordset($2::jsonb) as n(object text, "deletedIds" text[], resync boolean) join ${quoted(connection.warehouseSchema)}.sync_object s on s.object = n.object
     on conflict (connection_id, object) do update set changed_at = clock_timestamp(), due_at = least(c.due_at, excluded.due_at), resync = c.resync or excluded.resync,
       deleted_ids = array(select distinct unnest(c.deleted_ids || excluded.deleted_ids))
     returning object`, [connection.id, JSON.stringify(changes), await waitMs(sql, connection.id)]);
  return rows.length > 0;
}

/** Milliseconds until events may open the next run. */
async function waitMs(sql: Sql, id: ConnectionId): Promise<number> {
  const { rows: [pace] } = await sql.query<{ runs: string; since: number | null }>(
    `select count(*) as runs, extract(epoch from clock_timestamp() - max(started_at))::float8 * 1000 as since from sync_run where connection_id = $1 and woken and started_at > now() - interval '1 hour'`, [id]);
  return Math.max(0, wakeGapMs(Number(pace?.runs ?? 0)) - (pace?.since ?? Number.MAX_SAFE_INTEGER));
}

/** Nobody can tell what changed: every copied object counts as changed and is polled at once, but not for this reason again within a quarter of an hour. */
export async function noteAllChanged(sql: Sql, { id, warehouseSchema }: { readonly id: ConnectionId; readonly warehouseSchema: string }): Promise<void> {
  await sql.query(
    `with turn as (
       update change_stream set all_due_at = case when all_due_at > clock_timestamp() then all_due_at else greatest(clock_timestamp(), all_due_at + $2 * interval '1 ms') end
        where connection_id = $1 returning all_due_at)
     insert into changed_object as c (connection_id, workspace_id, object, due_at) select $1, (select workspace_id from connection where id = $1 for key share), s.object, turn.all_due_at from ${quoted(warehouseSchema)}.sync_object s, turn
     on conflict (connection_id, object) do update set changed_at = clock_timestamp(), due_at = least(c.due_at, excluded.due_at)`, [id, allGapMs]);
}

/** Connections with changes to read, where no run is open. */
export async function connectionsToWake(sql: Sql): Promise<ConnectionId[]> {
  const { rows } = await sql.query<{ id: ConnectionId }>(
    `select distinct c.id from changed_object o join connection c on c.id = o.connection_id
      where o.due_at <= clock_timestamp() and c.state = 'active' and c.token_state = 'ready' and not c.paused and c.hold is null and c.last_sync_at is not null
        and not exists (select from sync_run r where r.connection_id = c.id and r.status = 'running') limit 50`);
  return rows.map(({ id }) => id);
}

/** What events ask of a run. */
export interface Hints {
  readonly changed: ReadonlySet<string>;
  /** Whether the poll of everything was due when the run was opened; else events opened it. */
  readonly isPoll: boolean;
}

export async function hintsFor(sql: Sql, run: { readonly id: string; readonly connectionId: string }): Promise<Hints> {
  const { rows: [row] } = await sql.query<{ poll: boolean; changed: string[] }>(
    `select coalesce(c.next_sync_at <= r.started_at, true) as poll, array(select object from changed_object o where o.connection_id = c.id) as changed
       from sync_run r join connection c on c.id = r.connection_id where r.id = $1`, [run.id]);
  return { changed: new Set(row?.changed ?? []), isPoll: row?.poll ?? true };
}

/** Objects that are not copied, or whose own reading is paused, are not read early either. */
export async function forgetOthers(sql: Sql, connectionId: string, copied: readonly string[]): Promise<void> {
  await sql.query('delete from changed_object where connection_id = $1 and object <> all($2::text[])', [connectionId, copied]);
}

/** Lets the run read whole what events could not tell. */
export async function beginResyncs(sql: Sql, schema: string, connectionId: string): Promise<void> {
  const { rows } = await sql.query<{ object: string }>('select object from changed_object where connection_id = $1 and resync', [connectionId]);
  if (rows.length === 0) return;
  const objects = rows.map(({ object }) => object);
  await sql.query(`update ${quoted(schema)}.sync_object set reread = true where object = any($1)`, [objects]);
  await sql.query('update delete_watch set sweep_due = true where connection_id = $1 and object = any($2)', [connectionId, objects]);
}

/** Records of an object that events say are deleted. */
export async function saidToBeDeleted(sql: Sql, connectionId: string, object: string): Promise<readonly string[]> {
  const { rows: [row] } = await sql.query<{ ids: string[] }>('select deleted_ids as ids from changed_object where connection_id = $1 and object = $2', [connectionId, object]);
  return row?.ids ?? [];
}

/** After a run: what had changed before it began and was read is done; what it could not read waits for the next poll. */
export async function settleChanged(sql: Sql, run: { readonly id: string; readonly connectionId: string }, read: readonly string[]): Promise<void> {
  const before = 'r.id = $1 and o.connection_id = $2 and o.changed_at < r.started_at';
  await sql.query(`delete from changed_object o using sync_run r where ${before} and o.object = any($3)`, [run.id, run.connectionId, read]);
  await sql.query(
    `update changed_object o set due_at = greatest(o.due_at, c.next_sync_at) from sync_run r join connection c on c.id = r.connection_id where ${before}`, [run.id, run.connectionId]);
}

/** Where the stream was, and what it told of. */
export async function forgetChanges(sql: Sql, connectionId: string): Promise<void> {
  for (const table of ['change_stream', 'changed_object']) await sql.query(`delete from ${table} where connection_id = $1`, [connectionId]);
}
