import { quoted, type Sql } from '../sql.ts';
import { qualified } from '../warehouse/warehouse-table.ts';
import type { CopiedObject } from './formula-plan.ts';
import type { Hop } from './parent-path.ts';

/** What to look for: rows of an object whose parents changed. */
export interface ParentChanges {
  readonly schema: string;
  readonly object: CopiedObject;
  readonly hops: readonly Hop[];
  readonly copied: ReadonlyMap<string, CopiedObject>;
  /** Version of each parent up to which its changes have been followed. */
  readonly seen: Readonly<Record<string, string>>;
  /** Parents that are new in the warehouse matter only if they changed after this instant: the object's formulas were read after it. Those that are not there at all matter too when their object was not followed before. */
  readonly since: Date;
}

/** Changes become visible so long after their stamp, at most; and Salesforce's clocks may differ a little. */
export const lateMs = 30 * 60_000;

/**
 * Ids of rows whose formulas may have another value because a parent changed, by what the warehouse knows of the parents.
 * @param most ids wanted; one more is given when there are more
 */
export async function rowsOfChangedParents(sql: Sql, { schema, object, hops, copied, seen, since }: ParentChanges, most: number): Promise<string[]> {
  const queries = groupedByParent(hops).flatMap(({ parent: name, way, columns }) => {
    const parent = copied.get(name);
    const from = seen[name] ?? '0';
    if (parent === undefined) return [];
    return [
      ...(BigInt(parent.version) <= BigInt(from) ? [] : [childrenOf(schema, copied, way, changedRows(schema, parent, columns, { from, since }))]),
      ...(seen[name] === undefined ? [childrenOf(schema, copied, way, absentRows(schema, parent, copied, way))] : []),
    ];
  });
  if (queries.length === 0) return [];
  const { rows } = await sql.query<{ id: string }>(`select id from ${qualified(schema, object.table)} where id in (${queries.join(' union ')}) limit $1`, [most + 1]);
  return rows.map(({ id }) => id);
}

/**
 * Ids of rows whose formulas go through a parent in Salesforce's recycle bin, or one found gone since they were read last. What such a formula shows changes
 * when the bin is emptied, which no stamp and no list of deletions tells.
 * @param most ids wanted; one more is given when there are more
 * @param pauseMs nothing is given when the object's formulas were read within that time, or in this run
 */
export async function rowsOfBinnedParents(sql: Sql, { schema, object, hops, copied }: Pick<ParentChanges, 'schema' | 'object' | 'hops' | 'copied'>, { most, pauseMs, runId }: { readonly most: number; readonly pauseMs: number; readonly runId: string }): Promise<string[]> {
  const queries = groupedByParent(hops).flatMap(({ parent: name, way }) => {
    const parent = copied.get(name);
    return parent === undefined ? [] : [childrenOf(schema, copied, way, binnedRows(schema, parent, 'last.at'))];
  });
  if (queries.length === 0) return [];
  const { rows } = await sql.query<{ id: string }>(
    `with last as (select coalesce(max(committed_at), '-infinity') as at from ${quoted(schema)}.receipt where object = $2 and complete and (scope = 'formulas' or (window_from is null and window_until is not null)))
     select t.id from last, ${qualified(schema, object.table)} t where last.at <= now() - $3 * interval '1 ms' and last.at < (select started_at from sync_run where id = $4) and t.id in (${queries.join(' union ')}) limit $1`, [most + 1, object.object, pauseMs, runId]);
  return rows.map(({ id }) => id);
}

interface ParentWay {
  readonly parent: string;
  readonly way: Hop['way'];
  readonly columns: ReadonlySet<string>;
}

/** The same parent by the same way is looked at once, for all of its columns. */
function groupedByParent(hops: readonly Hop[]): ParentWay[] {
  const ways = new Map<string, ParentWay & { readonly columns: Set<string> }>();
  for (const { object, way, column } of hops) {
    const key = JSON.stringify([object, way]);
    const found = ways.get(key) ?? { parent: object, way, columns: new Set<string>() };
    found.columns.add(column);
    ways.set(key, found);
  }
  return [...ways.values()];
}

/** Parents whose columns differ from what they were at version `from`; new ones when their stamp is not older than `since`. */
function changedRows(schema: string, { object, table, cursorField }: CopiedObject, columns: ReadonlySet<string>, { from, since }: { readonly from: string; readonly since: Date }): string {
  const isRecent = cursorField === null ? 'true' : `coalesce(p.${quoted(cursorField.toLowerCase())} >= timestamptz '${since.toISOString()}', true)`;
  const version = BigInt(from).toString();
  if (version === '0') return `select p.id from ${qualified(schema, table)} p where ${isRecent}`;
  const compared = [...columns, '_deleted'];
  const before = compared.map((column) => `coalesce(b.row->'${column.replaceAll("'", "''")}', 'null')`).join(', ');
  const now = compared.map((column) => `coalesce(to_jsonb(p.${quoted(column)}), 'null')`).join(', ');
  return `select p.id from ${qualified(schema, table)} p
            left join lateral (select v.row from ${quoted(schema)}.record_version v where v.object = '${object.replaceAll("'", "''")}' and v.id = p.id and v.version <= ${version} order by v.version desc limit 1) b on true
           where p._version > ${version} and case when b.row is null then ${isRecent} else (${before}) is distinct from (${now}) end`;
}

/** Parents that rows point to and that are not in the warehouse: gone before their object was read, or hidden. */
function absentRows(schema: string, { table }: CopiedObject, copied: ReadonlyMap<string, CopiedObject>, way: Hop['way']): string {
  const last = way.at(-1);
  if (last === undefined) return 'select null::text where false';
  const column = quoted(last.column);
  return `select d.${column} from ${tableOf(schema, copied, last.object)} d where d.${column} is not null and not exists (select from ${qualified(schema, table)} p where p.id = d.${column})`;
}

/** @param readAt SQL for when the formulas were read last, by the database's clock */
function binnedRows(schema: string, { object, table }: CopiedObject, readAt: string): string {
  return `select d.id from ${quoted(schema)}.tombstone d join ${qualified(schema, table)} p on p.id = d.id and p._deleted
           where d.object = '${object.replaceAll("'", "''")}' and (d.reason = 'deleted' or d.found_at > ${readAt})`;
}

/** Rows that point to given ones, step by step back to the object itself. */
function childrenOf(schema: string, copied: ReadonlyMap<string, CopiedObject>, way: Hop['way'], changed: string): string {
  return way.toReversed().reduce((ids, { object, column }) => `select c.id from ${tableOf(schema, copied, object)} c where c.${quoted(column)} in (${ids})`, changed);
}

function tableOf(schema: string, copied: ReadonlyMap<string, CopiedObject>, object: string): string {
  return qualified(schema, copied.get(object)?.table ?? object.toLowerCase());
}
