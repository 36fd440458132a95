import { newBindings } from '../compile/bindings.ts';
import { anyOf, liveRows, type Statement } from '../compile/compile-query.ts';
import { periodSql, testSql, valueSql, type Scope } from '../compile/conditions.ts';
import { quoted, type Dialect } from '../compile/dialect.ts';
import { columnSql } from '../compile/time.ts';
import { conditionsOf } from '../metric/metric.ts';
import { hopFields } from '../question/dimensions.ts';
import type { Plan } from '../question/plan.ts';
import type { Field } from '../warehouse/catalogue.ts';
import type { Cursor } from './cursor.ts';
import type { RecordColumn } from './record-columns.ts';

/** How rows are ordered: empty values last, then by id, so that a page has one successor. */
export interface RecordSort {
  readonly field: Field;
  readonly dir: 'asc' | 'desc';
}

/** One page of rows, one more than the limit to see whether there are others. `sort_value` and `sort_id` make the cursor. */
export function compileRecords(plan: Plan, dialect: Dialect, columns: readonly RecordColumn[], sort: RecordSort, after: Cursor | undefined, limit: number): Statement {
  const scope: Scope = { plan, dialect, bindings: newBindings() };
  const list = columns.map(({ sql }, index) => `${sql} AS c${index}`);
  const sortColumn = columnSql({ source: 'opportunity', field: sort.field });
  const sortValue = sort.field.columnType === 'timestamptz' ? `to_char(${dialect.utc(sortColumn)}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : `CAST(${sortColumn} AS text)`;
  const where = [...liveRows(scope), rowsCondition(scope), ...(after === undefined ? [] : [afterSql(sort, after, scope)])].join(' AND ');
  const sql = `SELECT ${[...list, `${sortValue} AS sort_value`, 'o."id" AS sort_id'].join(', ')} FROM ${joined(plan, dialect)} WHERE ${where} ORDER BY ${ordered(sort, dialect)} ${sort.dir} NULLS LAST, ${dialect.binary('o."id"')} LIMIT ${limit + 1}`;
  return { sql, values: scope.bindings.values, columns: [...columns.map((_, index) => `c${index}`), 'sort_value', 'sort_id'] };
}

/** How many rows there are. */
export function compileRecordCount(plan: Plan, dialect: Dialect): Statement {
  const scope: Scope = { plan, dialect, bindings: newBindings() };
  const sql = `SELECT CAST(count(*) AS text) FROM ${joined(plan, dialect)} WHERE ${[...liveRows(scope), rowsCondition(scope)].join(' AND ')}`;
  return { sql, values: scope.bindings.values, columns: ['total'] };
}

/** Rows that any of the metrics counts, each in its own period; without metrics, rows that pass the tests. */
function rowsCondition(scope: Scope): string {
  const { plan } = scope;
  const timeFields = [...new Set(plan.metrics.map(({ timeField }) => timeField))];
  const tests = (timeField: 'CloseDate' | 'CreatedDate'): readonly string[] => plan.tests.map((test) => testSql(test, timeField, scope));
  if (timeFields.length === 0) return ['TRUE', ...tests('CloseDate')].join(' AND ');
  const counted = timeFields.map((timeField) => {
    const metrics = plan.metrics.filter((metric) => metric.timeField === timeField);
    return `(${[...periodSql(timeField, scope), ...tests(timeField), anyOf(metrics.flatMap(({ measure }) => conditionsOf(measure)), scope)].join(' AND ')})`;
  });
  return `(${counted.join(' OR ')})`;
}

/** The listed table with the tables that give names. */
function joined({ tables, opportunity }: Plan, dialect: Dialect): string {
  const hop = (alias: string, table: string | undefined, reference: string): string => {
    const field = opportunity.get(reference.toLowerCase());
    return table === undefined || field === undefined ? '' : ` LEFT JOIN ${dialect.table(table)} ${alias} ON ${alias}."id" = o.${quoted(field.column)}`;
  };
  return `${dialect.table(tables.opportunity)} o${hop('a', tables.account?.table, hopFields.account)}${hop('u', tables.user?.table, hopFields.owner)}`;
}

function ordered({ field }: RecordSort, dialect: Dialect): string {
  const column = columnSql({ source: 'opportunity', field });
  if (field.columnType === 'timestamptz') return dialect.utc(column);
  return field.columnType === 'text' ? dialect.binary(column) : field.columnType === 'time' ? `CAST(${column} AS text)` : column;
}

function afterSql(sort: RecordSort, { v: value, id }: Cursor, scope: Scope): string {
  const column = ordered(sort, scope.dialect);
  const later = `${scope.dialect.binary('o."id"')} > ${scope.bindings.bind(id, 'text')}`;
  if (value === null) return `(${column} IS NULL AND ${later})`;
  const bound = valueSql({ source: 'opportunity', field: sort.field }, value, scope);
  return `(${column} ${sort.dir === 'asc' ? '>' : '<'} ${bound} OR (${column} = ${bound} AND ${later}) OR ${column} IS NULL)`;
}
