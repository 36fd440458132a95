import { Inject, Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { VerifyChain, type ChainVerdict } from './verify-chain.ts';

export interface CheckedChain extends ChainVerdict {
  readonly workspaceId: string;
}

/** Reads the chains of all workspaces from their first entry on, and keeps what was found for the audit pages. */
@Injectable()
export class CheckChains {
  readonly #log = new Logger('audit-check');

  constructor(
    private readonly pool: SqlPool,
    private readonly verify: VerifyChain,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Every chain, now. */
  async execute(): Promise<readonly CheckedChain[]> {
    return this.#check((await this.pool.query<{ id: string }>('select workspace_id as id from audit_chain order by workspace_id')).rows);
  }

  /** The chains whose last check is older than a day; of several replicas one does it. */
  async executeDue(): Promise<readonly CheckedChain[]> {
    return this.#check((await this.pool.query<{ id: string }>(claimDue, [this.now()])).rows);
  }

  async #check(chains: readonly { readonly id: string }[]): Promise<readonly CheckedChain[]> {
    const checked: CheckedChain[] = [];
    for (const { id: workspaceId } of chains) {
      const verdict = await this.verify.whole(workspaceId);
      await this.pool.query(keep, [workspaceId, this.now(), verdict.entries, verdict.brokenAt]);
      if (!verdict.intact) this.#log.error(`the audit log of workspace ${workspaceId} does not hold from entry ${verdict.brokenAt} on: it was changed from outside`);
      checked.push({ workspaceId, ...verdict });
    }
    return checked;
  }
}

/** A check that a crash ends is made up for the next day; its finding stays the one before. */
const claimDue = `insert into audit_check (workspace_id, claimed_at) select workspace_id, $1 from audit_chain
  on conflict (workspace_id) do update set claimed_at = excluded.claimed_at where audit_check.claimed_at <= excluded.claimed_at - interval '24 hours' returning workspace_id as id`;

const keep = `insert into audit_check (workspace_id, claimed_at, at, entries, broken_at) values ($1, $2, $2, $3, $4)
  on conflict (workspace_id) do update set claimed_at = excluded.claimed_at, at = excluded.at, entries = excluded.entries, broken_at = excluded.broken_at`;
