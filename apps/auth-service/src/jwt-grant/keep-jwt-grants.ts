import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { SigningKeys } from '../signing-key/signing-keys.ts';
import { jwtTrouble } from './jwt-trouble.ts';
import { RenewJwtGrant } from './renew-jwt-grant.ts';
import { SettleJwt } from './settle-jwt.ts';

interface Due {
  readonly connectionId: string;
  readonly epoch: number;
  /** Whether the stored token is known to be refused. */
  readonly rejected: boolean;
}

const atOnce = 10;

/** Looks after jwt grants nobody asks for at the moment: rechecks, renewals before the end, and those whose certificate is gone. */
@Injectable()
export class KeepJwtGrants {
  readonly #log = new Logger('jwt-grant');

  constructor(
    private readonly em: EntityManager,
    private readonly pool: SqlPool,
    private readonly keys: SigningKeys,
    private readonly changes: ConnectionChanges,
    private readonly settle: SettleJwt,
    private readonly renew: RenewJwtGrant,
  ) {}

  /** One round; what is left waits for the next. */
  async execute(): Promise<void> {
    await this.#endWithoutKey();
    const due = [...(await this.pool.query<Due>(recheck, [atOnce])).rows, ...(await this.pool.query<Due>(ageing, [atOnce])).rows];
    await Promise.all(due.map(async ({ connectionId, epoch, rejected }) => {
      await this.renew.execute(connectionId, epoch, rejected).catch((error: unknown) => this.#log.warn(`connection ${connectionId}: ${error instanceof Error ? error.message : 'renewal failed'}`));
    }));
  }

  /** With the last certificate gone and its successor not taken to Salesforce yet, the consent carries on where there is one; else what was given last is used up. */
  async #endWithoutKey(): Promise<void> {
    const em = this.em.fork();
    const { rows } = await this.pool.query<{ connectionId: string }>(besideConsent, [atOnce]);
    if (rows.length === 0 || (await this.keys.candidates(em)).some(({ state }) => state !== 'created')) return;
    for (const { connectionId } of rows) {
      await em.transactional(async (work) => {
        const connection = await this.changes.hold(work, connectionId);
        const grant = await work.findOne(OauthGrantTable, { connectionId, kind: 'jwt', state: 'live' });
        if (grant !== null) await this.settle.execute(work, connection, { grantId: grant.id, epoch: grant.epoch }, jwtTrouble('certificate-expired'));
      });
    }
  }
}

const besideConsent = `select j.connection_id as "connectionId" from oauth_grant j join oauth_grant u on u.connection_id = j.connection_id and u.kind = 'user' and u.state = 'live'
  join connection c on c.id = j.connection_id and c.policy <> 'jwt' where j.kind = 'jwt' and j.state = 'live' limit $1`;

/** Troubles of connections that have no other way, which end by themselves. */
const recheck = `select c.id as "connectionId", g.epoch, c.attention_cause = 'session-policy' as rejected from connection c join oauth_grant g on g.connection_id = c.id and g.kind = 'jwt' and g.state = 'live'
  where c.next_check_at <= now() and c.state in ('degraded', 'held', 'needs_admin') and (g.lease_until is null or g.lease_until < now())
    and (c.policy = 'jwt' or not exists (select 1 from oauth_grant u where u.connection_id = c.id and u.kind = 'user' and u.state = 'live'))
  order by c.next_check_at limit $1`;

/** In use, and older than three quarters of the shortest life seen: renewed before somebody meets its end. */
const ageing = `select c.id as "connectionId", g.epoch, false as rejected from oauth_grant g join connection c on c.id = g.connection_id join way_use w on w.connection_id = g.connection_id and w.kind = 'jwt'
  where g.kind = 'jwt' and g.state = 'live' and c.state = 'active' and (g.lease_until is null or g.lease_until < now())
    and greatest(g.issued_at, g.refreshed_at) < now() - make_interval(secs => g.shortest_life_ms * 0.75 / 1000) and w.last_used_at > g.issued_at
  order by g.issued_at limit $1`;
