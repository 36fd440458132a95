import type { SelectionEstimate } from '@tributary/api-contracts';
import type { ObjectDescribe } from '@tributary/salesforce-client';

/** An object as far as it is known before it is copied. */
export interface ObjectToEstimate {
  readonly name: string;
  /** Undefined when Salesforce does not tell. */
  readonly rows: number | undefined;
  /** Undefined until it was described. */
  readonly describe: ObjectDescribe | undefined;
  /** Null for all fields. */
  readonly fields: readonly string[] | null;
}

/** How the rows of an object are read. */
export type Pages = Readonly<Record<'bulkPageRows' | 'restRows', number>>;

/** Bytes a row takes in the warehouse besides its values: head, key, version, its places in two indexes. */
const rowBytes = 120;
const bytesOfUndescribed = 600;
const bytesByType: Readonly<Record<string, number>> = { id: 20, reference: 20, boolean: 1, int: 8, long: 8, double: 10, currency: 10, percent: 8, date: 4, datetime: 8, time: 8, picklist: 14, multipicklist: 24, email: 24, phone: 16, url: 32, address: 0, location: 0, base64: 0 };
/** Fields are seldom full: of a text's length this share, and not more than so many bytes, is written on average. */
const textShare = 0.12;
const textMost = 400;
/** Describe, count, and for an export: its making, its states, its deletion. */
const callsOfObject = 2;
const callsOfExport = 6;
/** Measured on two cores with all processes on one machine, from many columns to few; an export waits for Salesforce first. */
const rowsPerSecond = { from: 30_000, to: 5_000 };
const secondsOfObject = { from: 0.5, to: 4 };
const secondsOfExport = { from: 5, to: 40 };
const objectsAtOnce = 3;

/** What copying would take. Counts are Salesforce's own estimates; storage and time are ranges by rule of thumb. @param pages rows of one page of an export, and rows up to which an object is read by REST */
export function estimateOf(objects: readonly ObjectToEstimate[], pages: Pages): Omit<SelectionEstimate, 'countedAt'> {
  const each = objects.map((object) => ({ name: object.name, rows: object.rows ?? null, bytes: (object.rows ?? 0) * bytesPerRow(object), apiCalls: callsOf(object.rows, pages) }));
  const sum = (of: (object: (typeof each)[number]) => number): number => Math.round(each.reduce((total, object) => total + of(object), 0));
  const rows = sum((object) => object.rows ?? 0);
  const exports = each.filter((object) => (object.rows ?? 0) > pages.restRows).length;
  const minutes = (bound: 'from' | 'to'): number => Math.round(((rows / rowsPerSecond[bound] + (each.length * secondsOfObject[bound] + exports * secondsOfExport[bound]) / objectsAtOnce) / 60) * 10) / 10;
  return {
    rows, bytes: sum(({ bytes }) => bytes), apiCalls: sum(({ apiCalls }) => apiCalls), minutes: { from: minutes('from'), to: minutes('to') },
    uncounted: each.filter((object) => object.rows === null).map(({ name }) => name), objects: each.map((object) => ({ ...object, bytes: Math.round(object.bytes) })),
  };
}

function callsOf(rows: number | undefined, { bulkPageRows, restRows }: Pages): number {
  if (rows === undefined || rows === 0) return callsOfObject;
  return rows <= restRows ? callsOfObject + 1 : callsOfObject + callsOfExport + Math.ceil(rows / bulkPageRows);
}

function bytesPerRow({ describe, fields }: ObjectToEstimate): number {
  if (describe === undefined) return rowBytes + bytesOfUndescribed;
  const wanted = fields === null ? undefined : new Set(fields.map((field) => field.toLowerCase()));
  return describe.fields.filter(({ name }) => wanted === undefined || wanted.has(name.toLowerCase()))
    .reduce((sum, { type, length = 0 }) => sum + (bytesByType[type] ?? Math.min(textMost, Math.ceil(length * textShare))), rowBytes);
}
