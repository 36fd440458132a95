import type { Sql } from '../sql.ts';

/** How far changes that no stamp tells have been followed for an object. */
export interface FormulaWatch {
  /** Salesforce's clock when all formulas were last read; null before. */
  readonly wholeAt: Date | null;
  readonly wholeDue: boolean;
  /** Version of each parent up to which its changes have been followed. */
  readonly seen: Readonly<Record<string, string>>;
  /** The window after which a reading of all formulas began. */
  readonly afterReceipt: string | null;
}

export const nothingWatched: FormulaWatch = { wholeAt: null, wholeDue: false, seen: {}, afterReceipt: null };

interface WatchRow {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly whole_at: Date | null;
  readonly whole_due: boolean;
  readonly seen: Readonly<Record<string, string>>;
  readonly after_receipt: string | null;
}

export async function readFormulaWatches(sql: Sql, connectionId: string, objects: readonly string[]): Promise<ReadonlyMap<string, FormulaWatch>> {
  const { rows } = await sql.query<WatchRow>('select object, whole_at, whole_due, seen, after_receipt from formula_watch where connection_id = $1 and object = any($2)', [connectionId, objects]);
  return new Map(rows.map((row) => [row.object, { wholeAt: row.whole_at, wholeDue: row.whole_due, seen: row.seen, afterReceipt: row.after_receipt }]));
}

export async function saveFormulaWatch(sql: Sql, connectionId: string, object: string, { wholeAt, wholeDue, seen, afterReceipt }: FormulaWatch): Promise<void> {
  await sql.query(
    `insert into formula_watch (connection_id, object, whole_at, whole_due, seen, after_receipt) values ($1, $2, $3, $4, $5::jsonb, $6)
     on conflict (connection_id, object) do update set whole_at = excluded.whole_at, whole_due = excluded.whole_due, seen = excluded.seen, after_receipt = excluded.after_receipt`,
    [connectionId, object, wholeAt, wholeDue, JSON.stringify(seen), afterReceipt]);
}
