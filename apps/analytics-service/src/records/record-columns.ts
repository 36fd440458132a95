import type { RecordsAnswer } from '@tributary/api-contracts';
import { columnSql } from '../compile/time.ts';
import { decimal, toFixed } from '../exactness/decimal.ts';
import type { Tables } from '../question/plan.ts';
import type { Field } from '../warehouse/catalogue.ts';

/** A column of a list of records: a field, or the name of whom a reference means. */
export interface RecordColumn {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  /** PostgreSQL expression that gives a text. */
  readonly sql: string;
  readonly field: Field | null;
}

/** Wider objects show their first fields; an answer must fit into one message. */
const maxColumns = 80;

const first = ['Id', 'Name', 'CaseNumber', 'Subject', 'StageName', 'Status', 'Amount', 'CurrencyIsoCode', 'CloseDate', 'Probability', 'ExpectedRevenue', 'ForecastCategory', 'Type', 'LeadSource', 'CreatedDate'];

/** The fields people look for first, then the others in the order of describe; names stand beside the ids of owner and account. */
export function recordColumns(fields: readonly Field[], tables: Tables): readonly RecordColumn[] {
  const rank = ({ name }: Field): number => (first.includes(name) ? first.indexOf(name) : first.length);
  const ordered = fields.toSorted((left, right) => rank(left) - rank(right)).slice(0, maxColumns);
  return ordered.flatMap((field) => [...nameOf(field, tables), { name: field.name, label: field.label, type: field.type, sql: textSql(field), field }]);
}

function nameOf({ name, label }: Field, { user, account }: Tables): readonly RecordColumn[] {
  const related = name === 'OwnerId' ? user?.name : name === 'AccountId' ? account?.name : null;
  const source = name === 'OwnerId' ? 'owner' : 'account';
  return related == null ? [] : [{ name: `${name.slice(0, -2)}.Name`, label: label.replace(/ ID$/i, ''), type: 'string', sql: columnSql({ source, field: related }), field: null }];
}

function textSql(field: Field): string {
  const column = columnSql({ source: 'opportunity', field });
  return field.columnType === 'timestamptz' ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `CAST(${column} AS text)`;
}

/** A value as the answer shows it: money with the digits of its field. */
export function recordValue({ field }: RecordColumn, value: string | null): string | null {
  if (value === null || field?.columnType !== 'numeric' || field.scale === null) return value;
  const exact = decimal(value);
  return exact.scale < field.scale ? toFixed(exact, field.scale) : value;
}

export function shownColumns(columns: readonly RecordColumn[]): RecordsAnswer['columns'] {
  return columns.map(({ name, label, type }) => ({ name, label, type }));
}
