import { createHash } from 'node:crypto';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { quoted, type Sql } from '../sql.ts';
import { dependenceOf, type Dependence } from './dependence.ts';

/** How a calculated column is kept right although no stamp moves. */
export type Upkeep = 'with its row' | 'when a parent changes' | 'daily';

/** A calculated column of the warehouse. */
export interface FormulaColumn {
  readonly object: string;
  readonly field: string;
  readonly column: string;
  readonly depends: Dependence;
  readonly paths: readonly string[];
  readonly because: string | null;
  readonly asOf: Date | null;
}

/** Statements that make the table of calculated columns in a connection's schema. */
export function formulaTables(schema: string): string[] {
  return [
    `create table if not exists ${schema}.formula_column (
       object text not null,
       field text not null,
       column_name text not null,
       formula text,
       -- of the formula and of those it uses
       definition text not null,
       -- row | parents | clock | unknown
       depends text not null,
       refers_to text[] not null,
       -- with its row | when a parent changes | daily
       upkeep text not null default 'daily',
       because text,
       as_of timestamptz,
       primary key (object, field)
     )`,
  ];
}

/** Keeps which columns are calculated, within the caller's transaction. Values that another definition made are as of no time, and are read again. */
export async function keepFormulas(sql: Sql, connectionId: string, schema: string, plan: ColumnPlan): Promise<void> {
  const fields = [...plan.columns.map(({ describe }) => describe), ...plan.excluded.map(({ field }) => field)];
  const calculated = plan.columns.flatMap(({ describe, column }) => {
    const found = dependenceOf(plan.object, describe, fields);
    return found === undefined ? [] : [{ ...found, definition: digest(found.definition), column, formula: describe.calculatedFormula ?? null }];
  });
  const table = `${quoted(schema)}.formula_column`;
  await sql.query(`delete from ${table} where object = $1 and field <> all($2)`, [plan.object, calculated.map(({ field }) => field)]);
  if (calculated.length === 0) return;
  const { rows } = await sql.query<{ redefined: boolean }>(
    `with n as (select * from json_to_recordset($2::json) as n(field text, "column" text, formula text, definition text, depends text, paths text[], because text)),
          known as (select n.field, k.definition <> n.definition as redefined from n join ${table} k on k.object = $1 and k.field = n.field),
          kept as (
            insert into ${table} (object, field, column_name, formula, definition, depends, refers_to, because) select $1, field, "column", formula, definition, depends, paths, because from n
            on conflict (object, field) do update set column_name = excluded.column_name, formula = excluded.formula, definition = excluded.definition, depends = excluded.depends, refers_to = excluded.refers_to, because = excluded.because,
              as_of = case when formula_column.definition <> excluded.definition then null else formula_column.as_of end)
     select coalesce(bool_or(redefined), false) as redefined from known`, [plan.object, JSON.stringify(calculated)]);
  if (rows[0]?.redefined !== true) return;
  await sql.query('insert into formula_watch (connection_id, object, whole_due) values ($1, $2, true) on conflict (connection_id, object) do update set whole_due = true', [connectionId, plan.object]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

type FormulaRow = Omit<FormulaColumn, 'asOf'> & { readonly as_of: Date | null } & { readonly [column: string]: unknown };

/** Calculated columns of all objects. */
export async function readFormulaColumns(sql: Sql, schema: string): Promise<FormulaColumn[]> {
  const { rows } = await sql.query<FormulaRow>(
    `select object, field, column_name as "column", depends, refers_to as paths, because, as_of from ${quoted(schema)}.formula_column order by object, field`);
  return rows.map(({ as_of: asOf, object, field, column, depends, paths, because }) => ({ object, field, column, depends, paths, because, asOf }));
}

/** What is told of a column after a run. */
export interface FormulaState {
  readonly field: string;
  readonly upkeep: Upkeep;
  readonly because: string | null;
  readonly asOf: Date | null;
}

/** Tells how columns of an object are kept and as of when they are right; nothing is written when nothing is new. */
export async function tellFormulaStates(sql: Sql, schema: string, object: string, states: readonly FormulaState[]): Promise<void> {
  await sql.query(
    `update ${quoted(schema)}.formula_column k set upkeep = n.upkeep, because = n.because, as_of = n."asOf"
       from json_to_recordset($2::json) as n(field text, upkeep text, because text, "asOf" timestamptz)
      where k.object = $1 and k.field = n.field and (k.upkeep, k.because, k.as_of) is distinct from (n.upkeep, n.because, n."asOf")`, [object, JSON.stringify(states)]);
}
