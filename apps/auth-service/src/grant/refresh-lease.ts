import { Injectable } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { nextState } from '../connection/connection-machine.ts';
import { connectionUnknown, refusalOf } from '../lease/lease-situation.ts';
import { InstanceIdentity } from './instance-identity.ts';
import type { RefreshSituation } from './refresh-policy.ts';

/** The right to refresh a grant: a row lease of 30 seconds with the epoch as fence, all by the database's clock. */
@Injectable()
export class RefreshLease {
  constructor(
    private readonly pool: SqlPool,
    private readonly identity: InstanceIdentity,
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
   * Takes the lease and writes the intent to present the refresh token of this epoch.
   * @param refreshHash hash of that token, to recognise it should it turn up elsewhere
   * @returns false when another process was faster or the epoch has moved
   */
  async claim({ connectionId, grantId, epoch }: RefreshSituation, step: 'claim' | 'probe', refreshHash: string): Promise<boolean> {
    return this.pool.transaction(async (client) => {
      // Connection before grant, as everywhere: two orders would wait for each other.
      const { rows } = await client.query<{ state: ConnectionState }>('select state from connection where id = $1 for update', [connectionId]);
      const next = rows[0] === undefined ? undefined : nextState(rows[0].state, 'refresh-started');
      if (next === undefined) return false;
      const taken = await client.query(
        `update oauth_grant set lease_owner = $1, lease_until = now() + interval '30 seconds', intent_epoch = epoch, intent_at = now(), intent_rt_hash = $2
          where id = $3 and epoch = $4 and state = 'live' and (lease_until is null or lease_until < now())
            and intent_epoch ${step === 'claim' ? 'is distinct from' : '='} epoch`, [this.identity.owner, refreshHash, grantId, epoch]);
      if (taken.rowCount === 0) return false;
      await client.query('update connection set state = $2 where id = $1', [connectionId, next]);
      return true;
    });
  }

  /** Keeps the lease for another 30 seconds. @returns false when it was lost or the epoch has moved */
  async extend({ grantId, epoch }: RefreshSituation): Promise<boolean> {
    const { rowCount } = await this.pool.query("update oauth_grant set lease_until = now() + interval '30 seconds' where id = $1 and epoch = $2 and lease_owner = $3 and state = 'live'", [grantId, epoch, this.identity.owner]);
    return rowCount === 1;
  }
}
