import { countsAgainstLimit, type CallPurpose, type CallsRequest, type SalesforceCallList, type SalesforceCallRecord } from '@tributary/api-contracts';
import type { QueryResultRow } from 'pg';
import type { MadeCall } from './made-call.ts';

/** Runs SQL with `$1` parameters. */
interface Sql {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/** Days for which calls are kept. */
export const keptCallDays = 14;
const forgottenAtOnce = 5_000;

/** Statements that make the table of a service's calls; the service has a table `connection` with `state` and `workspace_id`. */
export const callTable: readonly string[] = [
  `create table salesforce_call (
     connection_id uuid not null references connection (id) on delete cascade,
     -- UUID v7: in the order of time
     id uuid not null,
     workspace_id uuid,
     at timestamptz not null,
     run_id uuid,
     object text,
     method text not null,
     path text not null,
     purpose text not null,
     rows bigint,
     status integer not null,
     ms bigint not null,
     api_used integer,
     primary key (connection_id, id)
   )`,
];

/** By what calls are looked for, and by what they are forgotten. */
export const callIndexes: readonly string[] = [
  'create index salesforce_call_purpose on salesforce_call (connection_id, purpose, id)',
  'create index salesforce_call_object on salesforce_call (connection_id, object, id) where object is not null',
  'create index salesforce_call_age on salesforce_call (at)',
];

/** Writes calls, or what is told of them anew. Those of an erased connection are gone: its row is held, so that an erasure beside this one finds them. */
export async function writeCalls(sql: Sql, calls: readonly MadeCall[]): Promise<void> {
  const each = <T>(of: (call: MadeCall) => T): T[] => calls.map(of);
  await sql.query(
    `insert into salesforce_call (connection_id, id, workspace_id, at, run_id, object, method, path, purpose, rows, status, ms, api_used)
     select m.connection_id, m.id, c.workspace_id, m.at, m.run_id, m.object, m.method, m.path, m.purpose, m.rows, m.status, m.ms, m.api_used
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::int[], $11::bigint[], $12::int[])
         as m(connection_id, id, at, run_id, object, method, path, purpose, rows, status, ms, api_used)
       join (select id, workspace_id from connection where id = any($1::uuid[]) and state not in ('erased', 'purged') order by id for share) c on c.id = m.connection_id
     on conflict (connection_id, id) do update set purpose = excluded.purpose, rows = excluded.rows, status = excluded.status, ms = excluded.ms`,
    [each(({ connectionId }) => connectionId), each(({ id }) => id), each(({ at }) => at), each(({ runId }) => runId ?? null), each(({ object }) => object ?? null), each(({ method }) => method), each(({ path }) => path),
      each(({ purpose }) => purpose), each(({ rows }) => rows ?? null), each(({ status }) => status), each(({ ms }) => ms), each(({ apiUsed }) => apiUsed ?? null)]);
}

/** Deletes what is older than it is kept, a batch at a time: nobody waits for long, and several processes do not wait for each other. */
export async function forgetCalls(sql: Sql): Promise<void> {
  for (;;) {
    const { rowCount } = await sql.query(
      `delete from salesforce_call where ctid = any(array(select ctid from salesforce_call where at < now() - $1 * interval '1 day' order by at limit $2 for update skip locked))`, [keptCallDays, forgottenAtOnce]);
    if ((rowCount ?? 0) < forgottenAtOnce) return;
  }
}

interface CallRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly run_id: string | null;
  readonly object: string | null;
  readonly method: string;
  readonly path: string;
  readonly purpose: CallPurpose;
  readonly rows: string | null;
  readonly status: number;
  readonly ms: string;
  readonly api_used: number | null;
  readonly at: Date;
}

/** Row security hides from the planner how soon a page is full; what it would sort then stands in order in an index. */
export const inIndexOrder = 'set local enable_sort = off';

/** One page of a connection's calls. */
export const callsPage = `select id, run_id, object, method, path, purpose, rows, status, ms, api_used, at from salesforce_call
  where connection_id = $1 and id < coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') and ($4::text is null or object = $4) and ($5::text is null or purpose = $5) order by id desc limit $2`;

/** Within a transaction: calls made for a connection, newest first; of one object or purpose when asked for. */
export async function readCalls(sql: Sql, connectionId: string, { limit, before, object, purpose }: CallsRequest): Promise<SalesforceCallList> {
  await sql.query(inIndexOrder);
  const { rows } = await sql.query<CallRow>(callsPage, [connectionId, limit + 1, before ?? null, object ?? null, purpose ?? null]);
  const calls = rows.slice(0, limit).map(recordOf);
  return { calls, before: rows.length > limit ? (calls.at(-1)?.id ?? null) : null, keptDays: keptCallDays, keptCalls: null };
}

function recordOf({ id, at, method, path, purpose, object, run_id: runId, rows, status, ms, api_used: apiUsed }: CallRow): SalesforceCallRecord {
  return {
    id, at: at.toISOString(), method, path, purpose, object, runId, rows: rows === null ? null : Number(rows), status, ms: Number(ms), apiUsed, countsAgainstLimit: countsAgainstLimit(purpose),
  };
}
