import type { ConnectionState } from '@tributary/api-contracts';
import type { Connection } from '../connection/connection.entity.ts';

/**
 * The person gave the connection up for erasure and nothing is left at Salesforce. For people it is gone from here on and a new consent makes
 * a new one; `purged` it is once the other services have confirmed.
 */
export function isErasing({ state, dataAfter }: Pick<Connection, 'state' | 'dataAfter'>): boolean {
  return state === 'disconnected' && dataAfter === 'erase';
}

/** The state as people see it. */
export function shownState(connection: Pick<Connection, 'state' | 'dataAfter'>): ConnectionState {
  return isErasing(connection) ? 'purged' : connection.state;
}

/** Condition for queries, as a member of `$and`: connections that are there for people. */
export const present = { state: { $ne: 'purged' as const }, $or: [{ state: { $ne: 'disconnected' as const } }, { dataAfter: null }, { dataAfter: 'keep' as const }] };
