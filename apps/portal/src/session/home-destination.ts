import type { Connection } from '@tributary/api-contracts';

export type Destination =
  | { readonly page: 'connect' }
  | { readonly page: 'connections' }
  | { readonly page: 'sync' | 'pipeline'; readonly connectionId: string };

/** Where somebody who opens the portal wants to be: a first sync that runs, else the board they used last, else the newest. */
export function homeDestination(connections: readonly Connection[], lastUsed: string | undefined): Destination {
  const living = connections.filter(({ state }) => state !== 'purged' && state !== 'pending_consent').toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (living.length === 0) return { page: 'connect' };
  const fresh = living.find((connection) => !hasBoard(connection) && canFill(connection));
  if (fresh !== undefined) return { page: 'sync', connectionId: fresh.id };
  const withBoard = living.filter(hasBoard);
  const chosen = withBoard.find(({ id }) => id === lastUsed) ?? withBoard[0];
  return chosen === undefined ? { page: 'connections' } : { page: 'pipeline', connectionId: chosen.id };
}

/** Whether a run has ended, so that figures exist. */
function hasBoard({ sync }: Connection): boolean {
  return sync !== null && (sync.lastSyncAt !== null || sync.lastRun !== null);
}

/** Whether data is still coming. */
function canFill({ state }: Connection): boolean {
  return state === 'active' || state === 'refreshing' || state === 'exchanging' || state === 'degraded' || state === 'refresh_uncertain';
}
