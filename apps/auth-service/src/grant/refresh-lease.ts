import { Injectable } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { nextState } from '../connection/connection-machine.ts';
import { connectionUnknown, refusalOf } from '../lease/lease-situation.ts';
import type { PoolClient } from 'pg';
import { InstanceIdentity } from './instance-identity.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshProgress } from './refresh-progress.ts';

/** A place among those who may refresh at the same moment. */
export interface RefreshSlot {
  readonly slot: number;
}

const leaveSlot = 'update refresh_slot set owner = null, until = null where slot = $1 and owner = $2';

/** The right to refresh a grant: a row lease of 30 seconds with the epoch as fence, all by the database's clock. */
@Injectable()
export class RefreshLease {
  constructor(
    private readonly pool: SqlPool,
    private readonly identity: InstanceIdentity,
    private readonly progress: RefreshProgress,
  ) {}

  /** @throws NotFound `CONNECTION_NOT_FOUND`; without a live grant the Failure that says why */
  async situationOf(connectionId: string): Promise<RefreshSituation> {
    const { rows } = await this.pool.query<RefreshSituation | (RefreshSituation & { readonly grantId: null })>(
      `select c.id as "connectionId", c.workspace_id as "workspaceId", c.state, c.failures, c.attention_cause as "attentionCause", c.attention_text as "attentionText", c.next_check_at as "nextCheckAt",
              c.org_id as "orgId", c.user_id as "userId", g.id as "grantId", g.login_origin as "loginOrigin", g.epoch, g.refresh_epoch as "refreshEpoch", g.access_hash as "accessHash",
              g.refreshed_at as "refreshedAt", g.lease_owner as "leaseOwner", g.lease_until as "leaseUntil", g.intent_epoch as "intentEpoch", g.intent_at as "intentAt", now() as now
         from connection c left join oauth_grant g on g.connection_id = c.id and g.kind = 'user' and g.state = 'live' where c.id = $1`, [connectionId]);
    const [situation] = rows;
    if (situation === undefined) throw connectionUnknown();
    if (situation.grantId === null) throw refusalOf({ ...situation, nextCheckInMs: null }) ?? connectionUnknown();
    return situation;
  }

  /**
   * Takes one of the installation's places and the lease, and writes the intent to present the refresh token of this epoch.
   * @param refreshHash hash of that token, to recognise it should it turn up elsewhere
   * @returns the place, to be left at the end; `taken` when another process was faster or the epoch has moved; `crowded` when ten are at it already
   */
  async claim(situation: RefreshSituation, step: 'claim' | 'probe', refreshHash: string): Promise<RefreshSlot | 'taken' | 'crowded'> {
    await this.progress.reached('before-intent');
    const claim = await this.#claim(situation, step, refreshHash);
    if (typeof claim !== 'string') await this.progress.reached('after-intent');
    return claim;
  }

  async #claim({ connectionId, grantId, epoch }: RefreshSituation, step: 'claim' | 'probe', refreshHash: string): Promise<RefreshSlot | 'taken' | 'crowded'> {
    return this.pool.transaction(async (client) => {
      // Connection before grant, as everywhere: two orders would wait for each other.
      const { rows } = await client.query<{ state: ConnectionState }>('select state from connection where id = $1 for update', [connectionId]);
      const next = rows[0] === undefined ? undefined : nextState(rows[0].state, 'refresh-started');
      if (next === undefined) return 'taken';
      const slot = await this.#slot(client);
      if (slot === undefined) return 'crowded';
      const taken = await client.query(
        `update oauth_grant set lease_owner = $1, lease_until = now() + interval '30 seconds', intent_epoch = epoch, intent_at = now(), intent_rt_hash = $2
          where id = $3 and epoch = $4 and state = 'live' and (lease_until is null or lease_until < now())
            and intent_epoch ${step === 'claim' ? 'is distinct from' : '='} epoch`, [this.identity.owner, refreshHash, grantId, epoch]);
      if (taken.rowCount === 0) {
        await client.query(leaveSlot, [slot, this.identity.owner]);
        return 'taken';
      }
      await client.query('insert into presented_token (token_hash, grant_id, epoch) values ($1, $2, $3) on conflict (token_hash, epoch) do update set presented_at = now()', [refreshHash, grantId, epoch]);
      await client.query("select set_config('tributary.step', 'refresh-started', true)");
      await client.query('update connection set state = $2 where id = $1', [connectionId, next]);
      return { slot };
    });
  }

  /** Gives the place to the next. A process that died gives it back by its time running out. */
  async leave({ slot }: RefreshSlot): Promise<void> {
    // While the database is away the place frees itself in 30 seconds; the outcome of the refresh must not hang on it.
    await this.pool.query(leaveSlot, [slot, this.identity.owner]).catch(() => undefined);
  }

  /** What was presented, and refused, is evidence for a quarter; no refresh token is older when it dies. */
  async forgetOld(): Promise<void> {
    await this.pool.query("delete from presented_token where presented_at < now() - interval '90 days'");
    await this.pool.query("delete from final_verdict where at < now() - interval '1 day'");
  }

  async #slot(client: PoolClient): Promise<number | undefined> {
    const { rows } = await client.query<{ readonly slot: number }>(
      `update refresh_slot set owner = $1, until = now() + interval '30 seconds'
        where slot = (select slot from refresh_slot where until is null or until < now() order by slot limit 1 for update skip locked) returning slot`, [this.identity.owner]);
    return rows[0]?.slot;
  }

  /** Keeps the lease for another 30 seconds. @returns false when it was lost or the epoch has moved */
  async extend({ grantId, epoch }: RefreshSituation): Promise<boolean> {
    const { rowCount } = await this.pool.query("update oauth_grant set lease_until = now() + interval '30 seconds' where id = $1 and epoch = $2 and lease_owner = $3 and state = 'live'", [grantId, epoch, this.identity.owner]);
    return rowCount === 1;
  }
}
