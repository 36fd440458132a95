import { Unavailable } from '@tributary/failures';
import { selectByIdSoql, type DataClient, type QueryRecord, type SoqlPlace } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { orderedSoql } from './keyset.ts';
import type { Part } from './part.ts';

/** A page whose columns are asked for by several queries with one and the same condition. */
export interface WidePage {
  readonly plan: ColumnPlan;
  readonly part: Part;
  readonly chunks: readonly (readonly string[])[];
  readonly after: SoqlPlace | undefined;
  readonly upTo: SoqlPlace;
}

/** Ids of a query for rows that are read again; as many as leave room for the columns. */
const idsPerQuery = 90;
const attempts = 4;

/**
 * Puts rows together from several queries. A row that changed between them, or is in one of them only, is read again by its Id until all its parts are of one change.
 * @param first what the query for the first columns gave
 * @returns every row of `first` that still exists, whole
 * @throws Unavailable `ROWS_IN_MOTION` when a row changes again and again
 */
export async function joinChunks(data: DataClient, page: WidePage, first: readonly QueryRecord[]): Promise<QueryRecord[]> {
  const { plan, part, chunks, after, upTo } = page;
  const answers = [byId(first)];
  for (const fields of chunks.slice(1)) answers.push(byId(await allOf(data, orderedSoql(plan, part, fields, { after, upTo }))));
  const ids = [...(answers[0]?.keys() ?? [])];
  const rows = new Map(ids.map((id) => [id, joined(plan, id, answers)]));
  let moved = ids.filter((id) => rows.get(id) === undefined);
  for (let attempt = 1; moved.length > 0; attempt += 1) {
    if (attempt > attempts) throw new Unavailable('ROWS_IN_MOTION', `${moved.length} rows changed each time while their columns were read in several queries.`);
    const again = await readAgain(data, page, moved);
    moved = moved.filter((id) => {
      rows.set(id, joined(plan, id, again));
      // What no query finds any more does not exist any more.
      return rows.get(id) === undefined && again.some((answer) => answer.has(id));
    });
  }
  return [...rows.values()].filter((row) => row !== undefined);
}

/** A row of all answers; undefined when one has it not, or as it was at another time. */
function joined({ cursor }: ColumnPlan, id: string, answers: readonly ReadonlyMap<string, QueryRecord>[]): QueryRecord | undefined {
  const parts = answers.map((answer) => answer.get(id)).filter((part) => part !== undefined);
  const isOne = parts.length === answers.length && (cursor === undefined || parts.every((part) => part[cursor.field] === parts[0]?.[cursor.field]));
  return isOne ? Object.assign({}, ...parts) as QueryRecord : undefined;
}

async function readAgain(data: DataClient, { plan, chunks }: WidePage, ids: readonly string[]): Promise<ReadonlyMap<string, QueryRecord>[]> {
  const answers = chunks.map(() => new Map<string, QueryRecord>());
  for (let from = 0; from < ids.length; from += idsPerQuery) {
    for (const [index, fields] of chunks.entries()) {
      for (const record of await allOf(data, selectByIdSoql(plan.object, fields, ids.slice(from, from + idsPerQuery)))) answers[index]?.set(String(record['Id']), record);
    }
  }
  return answers;
}

async function allOf(data: DataClient, soql: string): Promise<QueryRecord[]> {
  const records: QueryRecord[] = [];
  for await (const page of data.queryAll(soql)) records.push(...page.records);
  return records;
}

function byId(records: readonly QueryRecord[]): ReadonlyMap<string, QueryRecord> {
  return new Map(records.map((record) => [String(record['Id']), record]));
}
