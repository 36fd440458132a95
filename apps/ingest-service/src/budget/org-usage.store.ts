import { LeaseLost } from '../sync-run/run-lease.ts';
import type { Sql } from '../sql.ts';
import type { OrgUsage, Reservation } from './org-usage.ts';

/** Usage of an org as it is kept. */
export interface KeptUsage {
  readonly usage: OrgUsage;
  /** Grows with each change. */
  readonly version: string;
  /** Milliseconds of the database's clock. */
  readonly nowMs: number;
}

interface UsageRow {
  readonly [column: string]: unknown;
  readonly told_used: number | null;
  readonly told_limit: number | null;
  readonly told_made: string;
  readonly made: string;
  readonly reserved: Record<string, Reservation>;
  readonly version: string;
  readonly now_ms: number;
}

const columns = 'told_used, told_limit, told_made, made, reserved, version, (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms';

function keptOf(row: UsageRow): KeptUsage {
  const { told_used: used, told_limit: limit } = row;
  const told = used === null || limit === null ? null : { used, limit, made: Number(row.told_made) };
  return { usage: { told, made: Number(row.made), reserved: row.reserved }, version: row.version, nowMs: row.now_ms };
}

/** What is kept of an org; begins its count when there is none. */
export async function readOrgUsage(sql: Sql, org: string): Promise<KeptUsage> {
  for (;;) {
    const { rows: [row] } = await sql.query<UsageRow>(
      `with begun as (insert into org_usage (org) values ($1) on conflict (org) do nothing returning *)
       select ${columns} from begun union all select ${columns} from org_usage where org = $1`, [org]);
    // None while another process is just beginning it.
    if (row !== undefined) return keptOf(row);
  }
}

/** Keeps what follows from a version, unless it was changed since. @returns what is kept now; undefined when it was changed, and has to be read again */
export async function keepOrgUsage(sql: Sql, org: string, version: string, { told, made, reserved }: OrgUsage): Promise<KeptUsage | undefined> {
  const { rows: [row] } = await sql.query<UsageRow>(
    `update org_usage set told_used = $3, told_limit = $4, told_made = $5, made = $6, reserved = $7::jsonb, version = version + 1, changed_at = now() where org = $1 and version = $2 returning ${columns}`,
    [org, version, told?.used ?? null, told?.limit ?? null, told?.made ?? 0, made, JSON.stringify(reserved)]);
  return row === undefined ? undefined : keptOf(row);
}

/** Usage is a rolling day: what is older says nothing any more. */
export async function sweepOrgUsages(sql: Sql): Promise<void> {
  await sql.query(`delete from org_usage where changed_at < now() - interval '2 days'`);
}

/** Counts calls of a run before they are made. @returns calls counted of it, these among them. @throws LeaseLost when the run is no more */
export async function countRunCalls(sql: Sql, runId: string, calls: number): Promise<number> {
  const { rows: [row] } = await sql.query<{ calls: number }>(
    `insert into run_calls as r (run_id, calls) select id, $2 from sync_run where id = $1 on conflict (run_id) do update set calls = r.calls + excluded.calls returning calls`, [runId, calls]);
  if (row === undefined) throw new LeaseLost();
  return row.calls;
}

/** Calls of a run that were counted and not made. */
export async function discountRunCalls(sql: Sql, runId: string, calls: number): Promise<void> {
  await sql.query('update run_calls set calls = calls - $2 where run_id = $1', [runId, calls]);
}
