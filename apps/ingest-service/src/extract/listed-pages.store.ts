import type { Sql } from '../sql.ts';
import type { ExtractJob } from './extract-job.ts';

type OfJob = Pick<ExtractJob, 'connectionId' | 'object'>;

/** A page of an export as Salesforce listed it. */
export interface ListedPage {
  /** Its place in the list, from 0. */
  readonly number: number;
  /** Where it begins; only the first may have none. */
  readonly locator: string | undefined;
  /** Whether its rows are staged. */
  readonly isRead: boolean;
}

/** Pages of the export that a job reads, in their order; none when they are read one after the other. */
export async function readListedPages(sql: Sql, { connectionId, object }: OfJob): Promise<ListedPage[]> {
  const { rows } = await sql.query<{ page: number; locator: string | null; is_read: boolean }>('select page, locator, is_read from result_page where connection_id = $1 and object = $2 order by page', [connectionId, object]);
  return rows.map(({ page, locator, is_read: isRead }) => ({ number: page, locator: locator ?? undefined, isRead }));
}

export async function keepListedPages(sql: Sql, { connectionId, object }: OfJob, locators: readonly (string | undefined)[]): Promise<void> {
  await sql.query('insert into result_page (connection_id, object, page, locator) select $1, $2, place - 1, locator from unnest($3::text[]) with ordinality as listed (locator, place)', [connectionId, object, locators.map((locator) => locator ?? null)]);
}

export async function markPageRead(sql: Sql, { connectionId, object }: OfJob, number: number): Promise<void> {
  await sql.query('update result_page set is_read = true where connection_id = $1 and object = $2 and page = $3', [connectionId, object, number]);
}

export async function forgetListedPages(sql: Sql, { connectionId, object }: OfJob): Promise<void> {
  await sql.query('delete from result_page where connection_id = $1 and object = $2', [connectionId, object]);
}
