import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { PlannedColumn } from '../describe/column-plan.ts';
import { quoted, type Sql } from '../sql.ts';
import { rowEncoder } from './copy-row.ts';
import type { Substitutions } from './substitutions.ts';

/** Rows as texts, a batch at a time, in the order of the planned columns. */
export type RowBatches = AsyncIterable<readonly (readonly string[])[]>;

/** Name of the staging table of one object of one connection, in this service's own schema. */
export function stageName(connectionId: string, object: string): string {
  return `stage_${createHash('sha256').update(`${connectionId}:${object}`).digest('hex').slice(0, 24)}`;
}

/** Makes an empty staging table. It is unlogged: after a crash of the database it is empty, which its row count shows. */
export async function createStage(sql: Sql, stage: string, columns: readonly Pick<PlannedColumn, 'column' | 'type'>[]): Promise<void> {
  await sql.query(`drop table if exists ${quoted(stage)}`);
  // Without vacuum the physical order stays the order of fetching.
  await sql.query(`create unlogged table ${quoted(stage)} (_page integer not null, ${columns.map(({ column, type }) => `${quoted(column)} ${type}`).join(', ')}) with (autovacuum_enabled = off)`);
}

export async function dropStage(sql: Sql, stage: string): Promise<void> {
  await sql.query(`drop table if exists ${quoted(stage)}`);
}

/** Rows in a staging table; undefined when there is none. */
export async function stagedRows(sql: Sql, stage: string): Promise<number | undefined> {
  const found = await sql.query<{ name: string | null }>('select to_regclass($1)::text as name', [quoted(stage)]);
  if (found.rows[0]?.name === null || found.rows.length === 0) return undefined;
  const { rows } = await sql.query<{ count: string }>(`select count(*) as count from ${quoted(stage)}`);
  return Number(rows[0]?.count ?? 0);
}

const chunkCharacters = 64 * 1024;

/**
 * Streams one page into a staging table, within the caller's transaction; memory does not grow with the page.
 * @param onRows told after each batch how many rows it had
 * @returns rows written
 */
export async function copyPage(
  client: PoolClient, stage: string, columns: readonly PlannedColumn[], page: number, batches: RowBatches, substitutions: Substitutions, onRows: (rows: number) => void = () => undefined,
): Promise<number> {
  const encode = rowEncoder(columns, `${page}\t`, substitutions);
  let written = 0;
  async function* lines(): AsyncGenerator<Buffer> {
    let text = '';
    for await (const batch of batches) {
      for (const row of batch) {
        text += encode(row);
        if (text.length < chunkCharacters) continue;
        yield Buffer.from(text);
        text = '';
      }
      written += batch.length;
      onRows(batch.length);
    }
    if (text !== '') yield Buffer.from(text);
  }
  const names = columns.map(({ column }) => quoted(column)).join(', ');
  const copy = client.query(copyFrom(`copy ${quoted(stage)} (_page, ${names}) from stdin`));
  await pipeline(Readable.from(lines(), { objectMode: true }), copy);
  return written;
}
