import type { Sql } from '../sql.ts';

/** What is known of the deletions of one object; instants are Salesforce's clock. */
export interface DeleteWatch {
  /** Deletions before are known. */
  readonly coveredUntil: Date;
  /** When all Ids were last compared. */
  readonly sweptAt: Date;
  /** When rows were last counted on both sides. */
  readonly countedAt: Date;
  readonly sweepDue: boolean;
  /** How deletions of this object are found. */
  readonly sources: readonly DeleteSource[];
  /** What the last comparison said. */
  readonly outcome: string | null;
}

export type DeleteSource = 'recycle bin' | 'list of deletions' | 'comparison of all Ids';

interface WatchRow {
  readonly [column: string]: unknown;
  readonly covered_until: Date;
  readonly swept_at: Date;
  readonly counted_at: Date;
  readonly sweep_due: boolean;
  readonly sources: DeleteSource[];
  readonly outcome: string | null;
}

export async function findDeleteWatch(sql: Sql, connectionId: string, object: string): Promise<DeleteWatch | undefined> {
  const { rows: [row] } = await sql.query<WatchRow>('select * from delete_watch where connection_id = $1 and object = $2', [connectionId, object]);
  return row && { coveredUntil: row.covered_until, sweptAt: row.swept_at, countedAt: row.counted_at, sweepDue: row.sweep_due, sources: row.sources, outcome: row.outcome };
}

export async function saveDeleteWatch(sql: Sql, connectionId: string, object: string, watch: DeleteWatch): Promise<void> {
  await sql.query(
    `insert into delete_watch (connection_id, workspace_id, object, covered_until, swept_at, counted_at, sweep_due, sources, outcome) values ($1, (select workspace_id from connection where id = $1 for key share), $2, $3, $4, $5, $6, $7, $8)
     on conflict (connection_id, object) do update set covered_until = excluded.covered_until, swept_at = excluded.swept_at, counted_at = excluded.counted_at, sweep_due = excluded.sweep_due,
       sources = excluded.sources, outcome = excluded.outcome`,
    [connectionId, object, watch.coveredUntil, watch.sweptAt, watch.countedAt, watch.sweepDue, watch.sources, watch.outcome]);
}
