import { Injectable } from '@nestjs/common';
import type { AuditPage } from '@tributary/api-contracts';
import { WorkspaceScope } from '@tributary/persistence';
import type { PoolClient } from 'pg';
import { chainStart, followChain, type ChainedEntry, type ChainHead } from './audit-chain.ts';

const entriesAtOnce = 2_000;

/** Reads a workspace's whole chain and names the first entry that does not hold. */
@Injectable()
export class VerifyChain {
  constructor(private readonly scope: WorkspaceScope) {}

  async execute(workspaceId: string): Promise<AuditPage['chain']> {
    return this.scope.runSql(workspaceId, (client) => verdict(client, workspaceId));
  }
}

/** Entries added meanwhile are left out: what stood up to the head read first does not change. */
async function verdict(client: PoolClient, workspaceId: string): Promise<AuditPage['chain']> {
  const { rows: [stored = { sequence: 0, hash: chainStart(workspaceId).hash }] } = await client.query<ChainHead>('select sequence::int, hash from audit_chain where workspace_id = $1', [workspaceId]);
  const anchors = new Map((await client.query<ChainHead>('select sequence::int, hash from audit_anchor where workspace_id = $1', [workspaceId])).rows.map(({ sequence, hash }) => [sequence, hash]));
  let head = chainStart(workspaceId);
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
