import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { JwtProof } from '@tributary/api-contracts';
import { Conflict } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { fetchIdentity, SalesforceHttp, serverTimeOf } from '@tributary/salesforce-client';
import { z } from 'zod';
import type { Connection } from '../connection/connection.entity.ts';
import { GrantTokens } from '../grant/grant-tokens.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { ProveAccess } from '../jwt-grant/prove-access.ts';
import type { Identified, LoginHost } from './facts.ts';

const deadlineMs = 10_000;
const Discovery = z.object({ issuer: z.string() });

/** The doctor's own calls to Salesforce: the login host's document, who the stored access belongs to, and whether a signed assertion gives access. */
@Injectable()
export class LookAtSalesforce {
  constructor(
    private readonly em: EntityManager,
    private readonly pool: SqlPool,
    private readonly http: SalesforceHttp,
    private readonly tokens: GrantTokens,
    private readonly prove: ProveAccess,
  ) {}

  /** @throws Unavailable; InvalidInput `HOST_NOT_ALLOWED` */
  async loginHost(origin: string): Promise<LoginHost> {
    const { headers, status, text } = await this.http.text({ method: 'GET', origin, path: '/.well-known/openid-configuration', timeoutMs: deadlineMs });
    const { rows: [clock] } = await this.pool.query<{ now: Date }>('select clock_timestamp() as now');
    const served = serverTimeOf(headers);
    return { origin, kind: kindOf(new URL(origin).hostname), status, issuer: status === 200 ? issuerOf(text) : null, skewMs: served === undefined || clock === undefined ? null : served.getTime() - clock.now.getTime() };
  }

  /** Tries the newest stored access as it is. @throws Conflict `NO_ACCESS_STORED`; VaultUnreadable; Unavailable */
  async identity({ id, orgId, userId, instanceUrl }: Pick<Connection, 'id' | 'orgId' | 'userId' | 'instanceUrl'>): Promise<Identified> {
    const em = this.em.fork();
    const grant = await em.findOne(OauthGrantTable, { connectionId: id, state: 'live' }, { orderBy: { epoch: 'desc' } });
    if (grant === null) throw new Conflict('NO_ACCESS_STORED', 'no access is stored.');
    const token = await this.tokens.accessToken(em, grant);
    const { status: userinfoStatus } = await this.http.text({ method: 'GET', origin: instanceUrl, path: '/services/oauth2/userinfo', headers: { authorization: `Bearer ${token.reveal()}` }, timeoutMs: deadlineMs });
    if (userinfoStatus !== 200) return { userinfoStatus, orgId, userId, appInstalled: undefined };
    const identity = await fetchIdentity(this.http, instanceUrl, `${instanceUrl}/id/${orgId}/${userId}`, token);
    return { userinfoStatus, orgId: identity.orgId, userId: identity.userId, appInstalled: identity.appInstalled };
  }

  /**
   * Presents a signed assertion for the connection's own user. What it gives is not stored, and not revoked either:
   * Salesforce may answer with the very session the connection works with.
   * @throws Conflict `SUBJECT_UNKNOWN`; VaultUnreadable
   */
  async assertion({ username, loginOrigin, instanceUrl, orgKind, site, orgId, userId }: Connection): Promise<JwtProof> {
    if (username === '') throw new Conflict('SUBJECT_UNKNOWN', 'Salesforce did not tell the username.');
    return (await this.prove.execute(username, { loginOrigin, instanceUrl, orgKind, site: site ?? null }, (identity) => identity.orgId === orgId && identity.userId === userId)).proof;
  }
}

function kindOf(hostname: string): LoginHost['kind'] {
  if (hostname === 'login.salesforce.com') return 'production';
  if (hostname === 'test.salesforce.com') return 'sandbox';
  return hostname.endsWith('.my.salesforce.com') ? 'my-domain' : 'other';
}

function issuerOf(text: string): string | null {
  try {
    return Discovery.parse(JSON.parse(text)).issuer;
  } catch {
    return null;
  }
}
