import { createHash } from 'node:crypto';

/** An entry as the chain sees it; `at` in UTC with microseconds, as PostgreSQL writes it. */
export interface ChainedEntry {
  readonly sequence: number;
  readonly workspaceId: string;
  readonly connectionId: string | null;
  readonly personId: string | null;
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  readonly cause: string | null;
  readonly correlationId: string | null;
  readonly hash: string;
}

/** Where a chain stands: the number and hash the next entry follows. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** What stands before the first entry of a workspace. */
export function chainStart(workspaceId: string): ChainHead {
  return { sequence: 0, hash: sha256(workspaceId) };
}

/** SHA-256 over the hash before and every part of the entry; must equal the database's own `audit_hash`. */
export function entryHash(previous: string, { sequence, workspaceId, connectionId, personId, at, kind, text, cause, correlationId }: Omit<ChainedEntry, 'hash'>): string {
  return sha256([previous, String(sequence), workspaceId, connectionId, personId, at, kind, text, cause, correlationId].map(part).join(''));
}

/**
 * Follows entries from a head on, in order of their numbers.
 * @returns the head after the last one, or the number of the first entry that is missing, added or changed
 */
export function followChain(from: ChainHead, entries: readonly ChainedEntry[]): { readonly head: ChainHead } | { readonly brokenAt: number } {
  let head = from;
  for (const entry of entries) {
    const expected = head.sequence + 1;
    if (entry.sequence !== expected || entry.hash !== entryHash(head.hash, entry)) return { brokenAt: expected };
    head = { sequence: entry.sequence, hash: entry.hash };
  }
  return { head };
}

/** Length before content: no two lists of parts give the same text. */
function part(value: string | null): string {
  return value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
