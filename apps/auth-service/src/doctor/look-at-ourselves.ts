import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { ConnectionCore } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { CONFIG, type AuthConfig } from '../config.ts';
import { SigningKeyTable } from '../signing-key/signing-key.entity.ts';
import { signingKeyView } from '../signing-key/signing-key-view.ts';
import type { OwnFacts } from './facts.ts';

const requestedScopes = ['openid', 'api', 'refresh_token'];

/** What this installation itself knows of a connection's access. */
@Injectable()
export class LookAtOurselves {
  constructor(
    private readonly em: EntityManager,
    private readonly pool: SqlPool,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'clientId' | 'redirectUri' | 'egressAddresses'>,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  async execute(connection: ConnectionCore): Promise<OwnFacts> {
    const { rows: [row] } = await this.pool.query<{ scopes: string | null; consents: number; causes: string[]; egressChangedAt: Date | null }>(own, [connection.id]);
    const keys = await this.em.fork().find(SigningKeyTable, {}, { orderBy: { createdAt: 'desc' } });
    const { clientId, redirectUri, egressAddresses } = this.config;
    return {
      connection, clientId, redirectUri, egressAddresses, egressChangedAt: row?.egressChangedAt ?? null, requestedScopes, consents30d: row?.consents ?? 0, signingKeys: keys.map((key) => signingKeyView(key, this.now())),
      grantedScopes: row?.scopes?.split(' ').filter((scope) => scope !== '').sort() ?? null,
      recentCauses: [...new Set([...(row?.causes ?? []), ...(connection.attention === null ? [] : [connection.attention.cause])])],
    };
  }
}

/** Consents are counted by the Salesforce user: their approvals of this app compete, whichever connection they were for. */
const own = `select
  (select g.scopes from oauth_grant g where g.connection_id = c.id and g.kind = 'user' and g.state = 'live' order by g.epoch desc limit 1) as scopes,
  (select count(*)::int from audit_entry a join connection o on o.id = a.connection_id
     where o.org_id = c.org_id and o.user_id = c.user_id and a.kind in ('consented', 'reconnected') and a.at > now() - interval '30 days') as consents,
  array(select distinct a.cause from audit_entry a where a.connection_id = c.id and a.cause is not null and a.at > now() - interval '30 days') as causes,
  (select max(listed_at) from egress_address where changed and listed_at > now() - interval '30 days') as "egressChangedAt"
  from connection c where c.id = $1`;
