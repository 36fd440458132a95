import { Injectable } from '@nestjs/common';
import type { AccessPolicy, ConnectionCore, ConnectionState } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { InstanceIdentity } from '../grant/instance-identity.ts';

/** What renewing a jwt grant is decided by; instants are the database's. */
export interface JwtSituation {
  readonly connectionId: string;
  readonly workspaceId: string;
  readonly state: ConnectionState;
  readonly policy: AccessPolicy;
  readonly username: string;
  readonly loginOrigin: string;
  readonly instanceUrl: string;
  readonly orgKind: ConnectionCore['org']['kind'];
  readonly site: string | null;
  readonly orgId: string;
  readonly userId: string;
  readonly grantId: string;
  readonly epoch: number;
  /** Milliseconds for which nobody may ask; null or past when free. */
  readonly busyMs: number | null;
  /** Whether the wait is a pause after a failure; else another process is asking. */
  readonly paused: boolean;
}

/** The right to renew a jwt grant: a row lease of 30 seconds, and a pause after a failure, both by the database's clock. */
@Injectable()
export class JwtLease {
  constructor(
    private readonly pool: SqlPool,
    private readonly identity: InstanceIdentity,
  ) {}

  /** Undefined without a live jwt grant. */
  async situationOf(connectionId: string): Promise<JwtSituation | undefined> {
    const { rows } = await this.pool.query<JwtSituation>(
      `select c.id as "connectionId", c.workspace_id as "workspaceId", c.state, c.policy, c.username, c.login_origin as "loginOrigin", c.instance_url as "instanceUrl", c.org_kind as "orgKind", c.site,
              c.org_id as "orgId", c.user_id as "userId", g.id as "grantId", g.epoch, (extract(epoch from g.lease_until - now()) * 1000)::float8 as "busyMs", g.lease_owner is null as paused
         from connection c join oauth_grant g on g.connection_id = c.id and g.kind = 'jwt' and g.state = 'live' where c.id = $1`, [connectionId]);
    return rows[0];
  }

  /**
   * @param rejected whether Salesforce refused the present token: how long it had lived is remembered (a session lasts a quarter of
   *   an hour at least; what ended earlier was ended)
   * @returns false when another process was faster or the epoch has moved
   */
  async claim({ grantId, epoch }: JwtSituation, rejected: boolean): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update oauth_grant set lease_owner = $1, lease_until = now() + interval '30 seconds',
              shortest_life_ms = case when $4 then least(shortest_life_ms, 2000000000, greatest(900000, extract(epoch from now() - issued_at) * 1000))::integer else shortest_life_ms end
        where id = $2 and epoch = $3 and state = 'live' and (lease_until is null or lease_until < now())`,
      [this.identity.owner, grantId, epoch, rejected]);
    return rowCount === 1;
  }

  /** Gives the lease back without a result. */
  async release({ grantId, epoch }: JwtSituation): Promise<void> {
    await this.pool.query('update oauth_grant set lease_owner = null, lease_until = null where id = $1 and epoch = $2 and lease_owner = $3', [grantId, epoch, this.identity.owner]);
  }
}
