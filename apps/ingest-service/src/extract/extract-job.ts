import { Substitutions } from '../load/substitutions.ts';
import type { Sql } from '../sql.ts';
import { LeaseLost, requireLease, type ClaimedRun } from '../sync-run/run-lease.ts';
import type { ExtractApi } from './api-choice.ts';
import type { Reach } from './newest-first.ts';
import { PartsOfJob, wholeOf, type Export } from './part.ts';
import type { Window } from './window-plan.ts';

/** A window being read: everything needed to go on after a crash. One per connection and object. */
export interface ExtractJob {
  readonly connectionId: string;
  readonly object: string;
  /** API names in the order in which they are asked for. */
  readonly fields: readonly string[];
  readonly window: Window;
  readonly reach: Reach;
  /** Salesforce's clock when the window was planned. */
  readonly serverTime: Date;
  readonly sourceCount: number | null;
  readonly api: ExtractApi;
  /** Why the other API is used than planned. */
  readonly fallback: string | null;
  /** The export of the present part. */
  readonly bulk: Export | undefined;
  readonly jobCount: number | null;
  /** Where the next page starts: Salesforce's locator of a Bulk page, the last row's place by REST; null for the first. */
  readonly locator: string | null;
  readonly pages: number;
  readonly parsed: number;
  /** Rows among them that are deleted at the source. */
  readonly deleted: number;
  readonly substitutions: Substitutions;
  /** Pieces in which the window is read, one after the other. */
  readonly parts: PartsOfJob;
  /** Whether the last page of the last part is staged. */
  readonly allRead: boolean;
}

interface ExtractJobRow {
  readonly [column: string]: unknown;
  readonly connection_id: string;
  readonly object: string;
  readonly fields: string[];
  readonly window_from: Date | null;
  readonly window_until: Date | null;
  readonly reach: Reach;
  readonly server_time: Date;
  readonly source_count: string | null;
  readonly api: ExtractApi;
  readonly fallback: string | null;
  readonly job_id: string | null;
  readonly api_version: string | null;
  readonly job_count: string | null;
  readonly locator: string | null;
  readonly pages: number;
  readonly parsed: string;
  readonly deleted: string;
  readonly substitutions: Record<string, number>;
  readonly parts: unknown;
  readonly all_read: boolean;
}

export async function findExtractJob(sql: Sql, connectionId: string, object: string): Promise<ExtractJob | undefined> {
  return jobOf(await sql.query<ExtractJobRow>('select * from extract_job where connection_id = $1 and object = $2', [connectionId, object]));
}

/** A job as it is now, which nobody else changes until the transaction ends; undefined when it is no more. */
export async function lockExtractJob(sql: Sql, { connectionId, object }: Pick<ExtractJob, 'connectionId' | 'object'>): Promise<ExtractJob | undefined> {
  return jobOf(await sql.query<ExtractJobRow>('select * from extract_job where connection_id = $1 and object = $2 for update', [connectionId, object]));
}

/** The same of a job that a run is at work on. @throws LeaseLost when the run is another worker's by now, or the job is no more */
export async function holdExtractJob(sql: Sql, run: ClaimedRun, job: Pick<ExtractJob, 'connectionId' | 'object'>): Promise<ExtractJob> {
  await requireLease(sql, run);
  const held = await lockExtractJob(sql, job);
  if (held === undefined) throw new LeaseLost();
  return held;
}

function jobOf({ rows: [row] }: { readonly rows: readonly ExtractJobRow[] }): ExtractJob | undefined {
  return row === undefined ? undefined : {
    connectionId: row.connection_id, object: row.object, fields: row.fields, window: { from: row.window_from, until: row.window_until }, reach: row.reach, serverTime: row.server_time,
    sourceCount: row.source_count === null ? null : Number(row.source_count), api: row.api, fallback: row.fallback,
    bulk: row.job_id === null || row.api_version === null ? undefined : { jobId: row.job_id, apiVersion: row.api_version },
    jobCount: row.job_count === null ? null : Number(row.job_count), locator: row.locator, pages: row.pages, parsed: Number(row.parsed), deleted: Number(row.deleted),
    substitutions: Substitutions.from(row.substitutions), allRead: row.all_read,
    parts: row.parts === null ? wholeOf({ from: row.window_from, until: row.window_until }) : PartsOfJob.parse(row.parts),
  };
}

/** Keeps a job as it is now, in place of what was kept before; that an export was asked for is forgotten, and exports it does not hold any more are noted for deletion. */
export async function saveExtractJob(sql: Sql, job: ExtractJob): Promise<void> {
  await sql.query(
    `with ${finished('$10::text', '$21::text')}
     insert into extract_job (connection_id, object, fields, window_from, window_until, server_time, source_count, api, fallback, job_id, api_version, job_count, locator, pages, parsed, substitutions, all_read, parts, deleted, reach)
     values ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17, $18::jsonb, $19, $20)
     on conflict (connection_id, object) do update set fields = excluded.fields, window_from = excluded.window_from, window_until = excluded.window_until, server_time = excluded.server_time,
       source_count = excluded.source_count, api = excluded.api, fallback = excluded.fallback, job_id = excluded.job_id, api_version = excluded.api_version, job_count = excluded.job_count,
       locator = excluded.locator, pages = excluded.pages, parsed = excluded.parsed, substitutions = excluded.substitutions, all_read = excluded.all_read, parts = excluded.parts, deleted = excluded.deleted, reach = excluded.reach, asked_at = null`,
    [job.connectionId, job.object, JSON.stringify(job.fields), job.window.from, job.window.until, job.serverTime, job.sourceCount, job.api, job.fallback, job.bulk?.jobId ?? null,
      job.bulk?.apiVersion ?? null, job.jobCount, job.locator, job.pages, job.parsed, JSON.stringify(job.substitutions), job.allRead, JSON.stringify(job.parts), job.deleted, job.reach, job.parts.ahead?.jobId ?? null]);
}

/** Notes that an export is about to be asked for. @param at by Salesforce's clock; null when it was refused */
export async function noteAsked(sql: Sql, { connectionId, object }: Pick<ExtractJob, 'connectionId' | 'object'>, at: Date | null): Promise<void> {
  await sql.query('update extract_job set asked_at = $3 where connection_id = $1 and object = $2', [connectionId, object, at]);
}

/** An export that was asked for without keeping an answer, and the person's user at Salesforce in whose name. */
export async function readAsked(sql: Sql, { connectionId, object }: Pick<ExtractJob, 'connectionId' | 'object'>): Promise<{ readonly at: Date; readonly userId: string } | undefined> {
  const { rows: [row] } = await sql.query<{ at: Date; user_id: string }>(
    'select e.asked_at as at, c.user_id from extract_job e join connection c on c.id = e.connection_id where e.connection_id = $1 and e.object = $2 and e.asked_at is not null and c.user_id is not null', [connectionId, object]);
  return row === undefined ? undefined : { at: row.at, userId: row.user_id };
}

/** Which of these ids are those of jobs of any connection. */
export async function knownJobs(sql: Sql, jobIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ job_id: string }>(`select job_id from extract_job where job_id = any($1) union select parts->'ahead'->>'jobId' from extract_job where parts->'ahead'->>'jobId' = any($1) union select job_id from finished_job where job_id = any($1)`, [jobIds]);
  return new Set(rows.map(({ job_id: jobId }) => jobId));
}

/** Ends a job; what it has at Salesforce is noted for deletion. */
export async function closeExtractJob(sql: Sql, connectionId: string, object: string): Promise<void> {
  await sql.query(`with ${finished('null', 'null')} delete from extract_job where connection_id = $1 and object = $2`, [connectionId, object]);
}

/**
 * Part of a statement about the job `$1`, `$2`, which sees it as it was before: notes exports that were kept with it and are none of those it has from now on,
 * so that they are deleted at Salesforce; pages of theirs are of no use any more.
 */
function finished(bulk: string, ahead: string): string {
  return `ended as (
       insert into finished_job (connection_id, job_id, api_version)
       select e.connection_id, held.job_id, held.api_version from extract_job e, lateral (values (e.job_id, e.api_version), (e.parts->'ahead'->>'jobId', e.parts->'ahead'->>'apiVersion')) held (job_id, api_version)
        where e.connection_id = $1 and e.object = $2 and held.job_id is not null and held.job_id is distinct from ${bulk} and held.job_id is distinct from ${ahead}
       on conflict (connection_id, job_id) do update set api_version = excluded.api_version returning job_id),
     forgotten as (delete from result_page where connection_id = $1 and object = $2 and exists (select from ended))`;
}
