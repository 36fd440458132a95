import { selectByIdSoql } from '@tributary/salesforce-client';
import type { ObjectTask } from '../extract/object-task.ts';
import { isSuspicious } from './sweep-plan.ts';
import type { HeldDeletions } from './held-deletions.store.ts';

/** Rows that are missing at the source, told apart by whether their deletion is believed. */
export interface JudgedRows {
  readonly believed: readonly string[];
  readonly suspected: readonly string[];
}

/** @param stored rows in the warehouse, deleted ones not counted. What a person confirmed is believed, however many they are. */
export function judgeMissing(missing: readonly string[], stored: number, held: HeldDeletions | undefined): JudgedRows {
  const confirmed = new Set(held?.isConfirmed === true ? held.ids : []);
  const others = missing.filter((id) => !confirmed.has(id));
  return isSuspicious(others.length, stored) ? { believed: missing.filter((id) => confirmed.has(id)), suspected: others } : { believed: missing, suspected: [] };
}

/** Why missing rows are not marked as deleted, for people. */
export function heldText(rows: number, storedRows: number): string {
  return `${rows} of ${storedRows} rows cannot be found at Salesforce any more, which looks like a lost permission or changed sharing; nothing is marked as deleted until somebody confirms that they are gone, and the object is complete again by itself once they are back.`;
}

const idsPerQuery = 200;

/** Those of the ids that Salesforce does not give, deleted rows included. */
export async function absentAtSource({ org, signal }: ObjectTask, object: string, ids: readonly string[]): Promise<string[]> {
  const absent = new Set(ids);
  for (let from = 0; from < ids.length; from += idsPerQuery) {
    signal.throwIfAborted();
    for await (const { records } of org.data.queryAll(selectByIdSoql(object, ['Id'], ids.slice(from, from + idsPerQuery)))) for (const { Id: id } of records) absent.delete(String(id));
  }
  return [...absent];
}
