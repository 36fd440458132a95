import type { IngestConfig } from '../config.ts';

/** Bytes of an address for a query, as a window's query has them. */
const addressBytes = 13_000;
/** `'001000000000000AAA',` in an address. */
const idBytes = 27;
const mostRowsOfAnswer = 2_000;
/** Count, job, some looks at its state, and its end. */
const callsOfJob = 6;

/** Ids a query for these fields has room for; 0 when it should not be asked so. */
export function idsPerQuery(object: string, fields: readonly string[]): number {
  const base = Buffer.byteLength(encodeURIComponent(`SELECT ${fields.join(', ')} FROM ${object} WHERE Id IN ()`));
  const room = Math.floor((addressBytes - base) / idBytes);
  return room < 20 ? 0 : room;
}

/** Calls a reading of a whole object takes. */
export function callsOfWhole(rows: number, { restRows, bulkPageRows }: Pick<IngestConfig, 'restRows' | 'bulkPageRows'>): number {
  return rows <= restRows ? 1 + Math.ceil(rows / mostRowsOfAnswer) : callsOfJob + Math.ceil(rows / bulkPageRows);
}

/** Up to how many rows it is cheaper to ask for them by their Ids than to read the whole object. */
export function mostRowsById(rows: number, perQuery: number, config: Pick<IngestConfig, 'restRows' | 'bulkPageRows'>): number {
  return perQuery * callsOfWhole(rows, config);
}
