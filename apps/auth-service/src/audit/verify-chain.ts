import { Injectable } from '@nestjs/common';
import { WorkspaceScope } from '@tributary/persistence';
import type { PoolClient } from 'pg';
import { chainStart, followChain, type ChainedEntry, type ChainHead } from './audit-chain.ts';

/** Whether a chain holds; else the first entry that is missing, added or changed. */
export interface ChainVerdict {
  readonly intact: boolean;
  /** Entries the chain has. */
  readonly entries: number;
  readonly brokenAt: number | null;
}

const entriesAtOnce = 2_000;

/** Follows a workspace's chain and names the first entry that does not hold. */
@Injectable()
export class VerifyChain {
  constructor(private readonly scope: WorkspaceScope) {}

  /** From the first entry on: as much work as there are entries. */
  async whole(workspaceId: string): Promise<ChainVerdict> {
    return this.scope.runSql(workspaceId, (client) => verdict(client, workspaceId, chainStart(workspaceId)));
  }

  /** From the last daily anchor on: about a day's entries. What stands before it is not looked at. */
  async sinceAnchor(workspaceId: string): Promise<ChainVerdict> {
    return this.scope.runSql(workspaceId, async (client) => {
      const { rows: [anchor] } = await client.query<ChainHead>('select sequence::int, hash from audit_anchor where workspace_id = $1 order by day desc limit 1', [workspaceId]);
      return verdict(client, workspaceId, anchor ?? chainStart(workspaceId));
    });
  }
}

/** Entries added meanwhile are left out: what stood up to the head read first does not change. */
async function verdict(client: PoolClient, workspaceId: string, from: ChainHead): Promise<ChainVerdict> {
  const { rows: [stored = { sequence: 0, hash: chainStart(workspaceId).hash }] } = await client.query<ChainHead>('select sequence::int, hash from audit_chain where workspace_id = $1', [workspaceId]);
  const anchors = new Map((await client.query<ChainHead>('select sequence::int, hash from audit_anchor where workspace_id = $1 and sequence > $2', [workspaceId, from.sequence])).rows.map(({ sequence, hash }) => [sequence, hash]));
  let head = from;
  for (;;) {
    const { rows } = await client.query<ChainedEntry>(nextEntries, [workspaceId, head.sequence, stored.sequence]);
    if (rows.length === 0) break;
    const followed = followChain(head, rows);
    const unanchored = rows.find(({ sequence, hash }) => anchors.has(sequence) && anchors.get(sequence) !== hash);
    if ('brokenAt' in followed) return { intact: false, entries: stored.sequence, brokenAt: followed.brokenAt };
    if (unanchored !== undefined) return { intact: false, entries: stored.sequence, brokenAt: unanchored.sequence };
    head = followed.head;
  }
  const complete = head.sequence === stored.sequence && head.hash === stored.hash;
  return { intact: complete, entries: stored.sequence, brokenAt: complete ? null : head.sequence + 1 };
}

const nextEntries = `select sequence::int, workspace_id as "workspaceId", connection_id as "connectionId", person_id as "personId",
    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, kind, text, cause, correlation_id as "correlationId", hash
  from audit_entry where workspace_id = $1 and sequence > $2 and sequence <= $3 order by sequence limit ${entriesAtOnce}`;
