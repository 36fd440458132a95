import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionId, OrgId, tokenReady, type AnyEnvelope } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import type { TokenSet } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { databaseNow } from '../database-clock.store.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { GrantStore } from '../grant/grant-store.ts';
import { GrantTokens, tokenHash } from '../grant/grant-tokens.ts';
import { OauthGrantTable, type OauthGrant } from '../grant/oauth-grant.entity.ts';
import { Vault } from '../vault/vault.ts';

export interface GivenAccess {
  readonly tokens: TokenSet;
  /** Origin that gave it. */
  readonly host: string;
  /** Epoch whose access token Salesforce has refused; undefined when nobody said so. */
  readonly rejectedEpoch?: number | undefined;
  readonly causedBy?: AnyEnvelope;
}

/** Stores what an assertion gave. A jwt grant has no refresh token; each token set takes the connection's next epoch. */
@Injectable()
export class KeepJwtGrant {
  constructor(
    private readonly grants: GrantStore,
    private readonly tokens: GrantTokens,
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * Runs in the caller's transaction, which holds the connection.
   * @returns `unchanged` when Salesforce gave the session again that is stored already, `rejected` when that one had been refused
   */
  async execute(em: EntityManager, connection: Connection, given: GivenAccess): Promise<'made' | 'renewed' | 'unchanged' | 'rejected'> {
    const { tokens, host, rejectedEpoch } = given;
    const grant = await em.findOne(OauthGrantTable, { connectionId: connection.id, kind: 'jwt', state: 'live' }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    const accessHash = tokenHash(tokens.accessToken);
    if (grant?.accessHash === accessHash) {
      if (grant.epoch === rejectedEpoch) return 'rejected';
      Object.assign(grant, { refreshedAt: await databaseNow(em), loginOrigin: host, leaseOwner: null, leaseUntil: null });
      await em.flush();
      return 'unchanged';
    }
    const epoch = await this.grants.nextEpoch(em, connection.id);
    if (grant === null) await this.#make(em, connection, given, epoch);
    else await this.#renew(em, grant, given, epoch);
    connection.instanceUrl = tokens.instanceUrl;
    await em.flush();
    const ready = { connectionId: ConnectionId.parse(connection.id), orgId: OrgId.parse(connection.orgId), epoch, flow: 'jwt-bearer' as const };
    await this.outbox.add(em, tokenReady.create(ready, { now: this.now(), ...(given.causedBy === undefined ? {} : { causedBy: given.causedBy }) }));
    return grant === null ? 'made' : 'renewed';
  }

  async #make(em: EntityManager, { id: connectionId, workspaceId }: Connection, { tokens, host }: GivenAccess, epoch: number): Promise<void> {
    const at = await databaseNow(em);
    for (const dead of await em.find(OauthGrantTable, { connectionId, kind: 'jwt', state: 'dead' })) {
      dead.state = 'superseded';
      await this.vault.shred(em, dead.id);
    }
    const grant = em.create(OauthGrantTable, {
      id: uuidV7(), connectionId, workspaceId, kind: 'jwt', state: 'live', epoch, refreshEpoch: epoch, flow: 'jwt-bearer', loginOrigin: host, scopes: tokens.scopes.join(' '),
      accessHash: tokenHash(tokens.accessToken), issuedAt: tokens.issuedAt, createdAt: at, refreshedAt: at, refreshCount: 0,
    });
    await em.flush();
    await this.vault.createKey(em, this.tokens.scopeOf(grant));
    await this.tokens.store(em, grant, { accessToken: tokens.accessToken, refreshToken: undefined });
  }

  async #renew(em: EntityManager, grant: OauthGrant, { tokens, host }: GivenAccess, epoch: number): Promise<void> {
    Object.assign(grant, {
      epoch, refreshEpoch: epoch, loginOrigin: host, scopes: tokens.scopes.join(' '), accessHash: tokenHash(tokens.accessToken), issuedAt: tokens.issuedAt, refreshedAt: await databaseNow(em),
      refreshCount: grant.refreshCount + 1, leaseOwner: null, leaseUntil: null,
    });
    await em.flush();
    await this.tokens.store(em, grant, { accessToken: tokens.accessToken, refreshToken: undefined });
  }
}
