import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ColumnPlan, PlannedColumn } from '../describe/column-plan.ts';
import { mostGroups } from '../describe/row-bounds.ts';
import { quoted, type Sql } from '../sql.ts';
import { createType } from '../warehouse/grouped-table.ts';
import { groupName, readLayout, slotsOf, splitColumns, type RowLayout, type Slot } from '../warehouse/row-layout.ts';
import { findRowsTable } from '../warehouse/warehouse-table.ts';
import { binaryHeader, binaryTrailer } from './copy-buffer.ts';
import { rowEncoder } from './copy-row.ts';
import { CsvCopy } from './csv-copy.ts';
import { deletedListOf, deleteListed, listDeleted } from './deleted-list.ts';
import { createLoadTable, isEmpty } from './load-table.ts';
import type { PageBuffer } from './page-buffers.ts';
import { writingRows } from './row-too-wide.ts';
import type { Staged } from './staged.ts';
import type { Substitutions } from './substitutions.ts';

/** Rows as texts, a batch at a time, in the order of the planned columns. */
export type RowBatches = AsyncIterable<RowBatch> | Iterable<RowBatch>;
export type RowBatch = readonly (readonly string[])[];

/** Name of the staging table of one object of one connection, in this service's own schema. */
export function stageName(connectionId: string, object: string): string {
  return `stage_${createHash('sha256').update(`${connectionId}:${object}`).digest('hex').slice(0, 24)}`;
}

/** What a window is staged for. */
export interface StageTarget {
  readonly schema: string;
  readonly plan: ColumnPlan;
  /** Whether the window is read in pages into a table that has no rows. */
  readonly isLoad: boolean;
  /** Whether that table may have rows already, other ones than those of the window. */
  readonly joins: boolean;
}

/**
 * Makes an empty staging table. A first load gets one that is the object's table itself but for its name, place and indexes, so that rows are written once.
 * Any other window gets an unlogged one: after a crash of the database it is empty, which its row count shows.
 */
export async function createStage(sql: Sql, stage: string, { schema, plan, isLoad, joins }: StageTarget): Promise<void> {
  await dropStage(sql, stage);
  if (isLoad && (joins || (await isEmpty(sql, schema, plan.table)))) {
    const like = await findRowsTable(sql, schema, plan.table);
    if (slotsOf(like.layout, plan.columns) !== undefined) {
      await createLoadTable(sql, stage, schema, { plan, like });
      return;
    }
  }
  const { own, groups } = splitColumns(plan.columns, plan.rowBounds);
  const types = groups.map((columns, index) => ({ name: groupName(index + 1), type: typeOfStage(stage, index + 1), columns: columns.map(({ column, type }) => ({ name: column, type })) }));
  for (const group of types) await sql.query(createType(group));
  // Without vacuum the physical order stays the order of fetching.
  await sql.query(`create unlogged table ${quoted(stage)} (${['_page integer not null', ...own.map(({ column, type }) => `${quoted(column)} ${type}`), ...types.map(({ name, type }) => `${name} ${type}`), '_deleted boolean not null'].join(', ')}) with (autovacuum_enabled = off)`);
}

/** Types of the groups of a stage go with it, as the list of a load table does; the types of a load table are the object's own. */
export async function dropStage(sql: Sql, stage: string): Promise<void> {
  const types = Array.from({ length: mostGroups }, (_, index) => typeOfStage(stage, index + 1));
  await sql.query(`drop table if exists ${quoted(stage)}, ${deletedListOf(stage)}; drop type if exists ${types.join(', ')}`);
}

function typeOfStage(stage: string, number: number): string {
  return quoted(`${stage}${groupName(number)}`);
}

/** Takes the rows of a range of Ids out of a staging table. @returns how many */
export async function deleteStaged(sql: Sql, stage: string, { idFrom, idBefore }: { readonly idFrom: string | null; readonly idBefore: string | null }): Promise<number> {
  const { rows: [deleted] } = await sql.query<{ rows: string }>(
    `with gone as (delete from ${quoted(stage)} where ($1::text is null or id collate "C" >= $1) and ($2::text is null or id collate "C" < $2) returning 1) select count(*) as rows from gone`, [idFrom, idBefore]);
  await deleteListed(sql, stage, idFrom, idBefore);
  return Number(deleted?.rows ?? 0);
}

/** Rows in a staging table; undefined when there is none. */
export async function stagedRows(sql: Sql, stage: string): Promise<number | undefined> {
  const found = await sql.query<{ name: string | null }>('select to_regclass($1)::text as name', [quoted(stage)]);
  if (found.rows[0]?.name === null || found.rows.length === 0) return undefined;
  const { rows } = await sql.query<{ count: string }>(`select count(*) as count from ${quoted(stage)}`);
  return Number(rows[0]?.count ?? 0);
}

/** A page on its way into a staging table. */
export interface StagedPage {
  readonly stage: string;
  readonly columns: readonly PlannedColumn[];
  readonly page: number;
  readonly substitutions: Substitutions;
  /** Told now and then how many rows more arrived. */
  readonly onRows: (rows: number) => void;
  /** What a page of CSV goes through; one of its own where none is given. */
  readonly buffer?: PageBuffer;
}

/**
 * Streams one page of CSV into a staging table, within the caller's transaction; memory does not grow with the page.
 * @throws InvalidInput `CSV_BROKEN`, `ROW_TOO_WIDE`; what reading the body throws
 */
export async function copyCsvPage(client: PoolClient, body: AsyncIterable<Buffer>, { stage, columns, page, substitutions, onRows, buffer }: StagedPage): Promise<Staged> {
  const layout = await readLayout(client, quoted(stage));
  const slots = stageSlots(layout, columns);
  const csv = new CsvCopy(columns, { page: isNumbered(layout) ? page : undefined, slots }, substitutions, buffer);
  async function* tuples(): AsyncGenerator<Buffer> {
    let told = 0;
    yield binaryHeader;
    for await (const chunk of body) {
      const block = csv.push(chunk);
      if (block === undefined) continue;
      onRows(csv.rows - told);
      told = csv.rows;
      yield block;
    }
    yield csv.end();
    onRows(csv.rows - told);
    yield binaryTrailer;
  }
  const copy = client.query(copyFrom(`copy ${quoted(stage)} (${copiedColumns(slots, isNumbered(layout))}) from stdin (format binary)`));
  // Without a stream in between, the next block is asked for when the last one is written.
  await writingRows(pipeline(tuples(), copy));
  await listDeleted(client, stage, csv.deletedIds);
  return { rows: copy.rowCount, deleted: csv.deleted };
}

/** Whether rows carry the number of their page: those of a first load do not. */
export function isNumbered({ own }: RowLayout): boolean {
  return own.some(({ name }) => name === '_page');
}

/** A stage is made in the order of its plan. */
function stageSlots(layout: RowLayout, columns: readonly PlannedColumn[]): readonly Slot[] {
  const slots = slotsOf(layout, columns);
  if (slots === undefined) throw new Error('the stage was made for other columns');
  return slots;
}

function copiedColumns(slots: readonly Slot[], numbered: boolean): string {
  return [...(numbered ? ['_page'] : []), ...slots.map(({ column }) => quoted(column)), '_deleted'].join(', ');
}

const chunkCharacters = 64 * 1024;

/** Like `copyCsvPage`, for rows that came as texts, a batch at a time. The stage is one of an increment. @throws InvalidInput `ROW_TOO_WIDE`; what reading the rows throws */
export async function copyPage(client: PoolClient, batches: RowBatches, { stage, columns, page, substitutions, onRows }: StagedPage): Promise<number> {
  const deletedAt = columns.findIndex(({ column }) => column === 'isdeleted');
  const slots = stageSlots(await readLayout(client, quoted(stage)), columns);
  const encode = rowEncoder(columns, slots, `${page}\t`, substitutions);
  async function* lines(): AsyncGenerator<Buffer> {
    let text = '';
    for await (const batch of batches) {
      for (const row of batch) {
        text += `${encode(row)}\t${row[deletedAt] === 'true' ? 't' : 'f'}\n`;
        if (text.length < chunkCharacters) continue;
        yield Buffer.from(text);
        text = '';
      }
      onRows(batch.length);
    }
    if (text !== '') yield Buffer.from(text);
  }
  const copy = client.query(copyFrom(`copy ${quoted(stage)} (${copiedColumns(slots, true)}) from stdin`));
  await writingRows(pipeline(Readable.from(lines(), { objectMode: true }), copy));
  return copy.rowCount;
}
