import type { Receipt } from '@tributary/api-contracts';
import type { ReceiptId } from '@tributary/event-contracts';
import { quoted, type Sql } from '../sql.ts';

/** A receipt as it is stored: the published members and the versions written. */
export interface StoredReceipt extends Omit<Receipt, 'id' | 'scope' | 'pages' | 'superseded' | 'windowFrom' | 'windowUntil' | 'settledUntil' | 'committedAt'> {
  readonly id: ReceiptId;
  /** Whether whole rows were read or only their formulas. */
  readonly scope: NonNullable<Receipt['scope']>;
  readonly runId: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly pages: number;
  readonly superseded: number;
  readonly windowFrom: Date | null;
  readonly windowUntil: Date | null;
  readonly settledUntil: Date | null;
}

export async function insertReceipt(sql: Sql, schema: string, receipt: StoredReceipt): Promise<void> {
  await sql.query(
    `insert into ${quoted(schema)}.receipt (id, run_id, object, from_version, to_version, api, source_count, job_count, parsed, inserted, updated, unchanged, superseded, tombstones, substitutions,
       api_calls, window_from, window_until, settled_until, complete, reason, scope, pages)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
    [receipt.id, receipt.runId, receipt.object, receipt.fromVersion, receipt.toVersion, receipt.api, receipt.sourceCount, receipt.jobCount, receipt.parsed, receipt.inserted, receipt.updated,
      receipt.unchanged, receipt.superseded, receipt.tombstones, receipt.substitutions, receipt.apiCalls, receipt.windowFrom, receipt.windowUntil, receipt.settledUntil, receipt.complete, receipt.reason, receipt.scope, receipt.pages]);
}

interface ReceiptRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly object: string;
  readonly scope: NonNullable<Receipt['scope']>;
  readonly api: Receipt['api'];
  readonly source_count: string | null;
  readonly job_count: string | null;
  /** Null in receipts from before they were counted. */
  readonly pages: number | null;
  readonly parsed: string;
  readonly inserted: string;
  readonly updated: string;
  readonly unchanged: string;
  readonly superseded: string;
  readonly tombstones: string;
  readonly substitutions: string;
  readonly api_calls: number;
  readonly window_from: Date | null;
  readonly window_until: Date | null;
  readonly settled_until: Date | null;
  readonly complete: boolean;
  readonly reason: string | null;
  readonly committed_at: Date;
}

/** Receipts of a run, oldest first. */
export async function readReceipts(sql: Sql, schema: string, runId: string): Promise<Receipt[]> {
  const { rows } = await sql.query<ReceiptRow>(`select * from ${quoted(schema)}.receipt where run_id = $1 order by committed_at`, [runId]);
  return rows.map((row) => ({
    id: row.id, object: row.object, scope: row.scope, api: row.api, sourceCount: whole(row.source_count), jobCount: whole(row.job_count), ...(row.pages == null ? {} : { pages: row.pages }), parsed: Number(row.parsed), inserted: Number(row.inserted), updated: Number(row.updated),
    unchanged: Number(row.unchanged), superseded: Number(row.superseded), tombstones: Number(row.tombstones), substitutions: Number(row.substitutions), apiCalls: row.api_calls, windowFrom: instant(row.window_from),
    windowUntil: instant(row.window_until), settledUntil: instant(row.settled_until), complete: row.complete, reason: row.reason, committedAt: row.committed_at.toISOString(),
  }));
}

function whole(value: string | null): number | null {
  return value === null ? null : Number(value);
}

function instant(value: Date | null): string | null {
  return value?.toISOString() ?? null;
}
