import { quoted, type Sql } from '../sql.ts';
import type { Staged } from './staged.ts';

/** Deleted rows of one page whose Ids are listed; the memory of a page is bounded, and a table of which so much is deleted may as well be read. */
export const mostListed = 20_000;

/** The list beside a load table, as SQL. */
export function deletedListOf(stage: string): string {
  return quoted(`${stage}_deleted`);
}

/** Makes the list of Ids of the rows of a load table that are deleted at the source. */
export async function createDeletedList(sql: Sql, stage: string): Promise<void> {
  await sql.query(`create table ${deletedListOf(stage)} (id text not null)`);
}

/** Writes down which rows of a page are deleted, within the page's transaction. */
export async function listDeleted(sql: Sql, stage: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0 || !(await hasList(sql, stage))) return;
  await sql.query(`insert into ${deletedListOf(stage)} select unnest($1::text[])`, [ids]);
}

/** Takes a range of Ids out of the list, as out of its load table. */
export async function deleteListed(sql: Sql, stage: string, idFrom: string | null, idBefore: string | null): Promise<void> {
  if (await hasList(sql, stage)) await sql.query(`delete from ${deletedListOf(stage)} where ($1::text is null or id collate "C" >= $1) and ($2::text is null or id collate "C" < $2)`, [idFrom, idBefore]);
}

/**
 * The list of a stage, as SQL, when it has exactly the rows that were given their version as deleted ones: each staged row became a new row, and each deleted one is listed.
 * The table says the same, but reading it for the first time after COPY writes most of its blocks.
 */
export async function completeList(sql: Sql, stage: string, staged: Staged, { inserted }: { readonly inserted: number }): Promise<string | undefined> {
  if (inserted !== staged.rows || !(await hasList(sql, stage))) return undefined;
  const { rows: [listed] } = await sql.query<{ count: string }>(`select count(*) as count from ${deletedListOf(stage)}`);
  return Number(listed?.count) === staged.deleted ? deletedListOf(stage) : undefined;
}

/** Load tables have one, but for those that are still there from a release before lists. */
async function hasList(sql: Sql, stage: string): Promise<boolean> {
  const { rows: [found] } = await sql.query<{ there: boolean }>('select to_regclass($1) is not null as there', [deletedListOf(stage)]);
  return found?.there === true;
}
