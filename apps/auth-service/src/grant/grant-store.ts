import { EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import type { TokenSet } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { databaseNow } from '../database-clock.store.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { Vault, VaultUnreadable } from '../vault/vault.ts';
import { GrantTokens, tokenHash } from './grant-tokens.ts';
import { OauthGrantTable, type GrantState, type OauthGrant } from './oauth-grant.entity.ts';
import { Revocations } from './revocations.ts';

/** Makes grants and ends them. At most one user grant of a connection is live. */
@Injectable()
export class GrantStore {
  readonly #log = new Logger('grant');

  constructor(
    private readonly em: EntityManager,
    private readonly vault: Vault,
    private readonly tokens: GrantTokens,
    private readonly revocations: Revocations,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Stores a new user grant; its epoch follows every epoch the connection had. */
  async create(em: EntityManager, connection: Pick<Connection, 'id' | 'workspaceId'>, { tokens, loginOrigin }: { tokens: TokenSet; loginOrigin: string }): Promise<OauthGrant> {
    const epoch = await this.nextEpoch(em, connection.id);
    const at = await databaseNow(em);
    const grant = em.create(OauthGrantTable, {
      id: uuidV7(), connectionId: connection.id, workspaceId: connection.workspaceId, kind: 'user', state: 'live', epoch, refreshEpoch: epoch, flow: 'web-server',
      loginOrigin, scopes: tokens.scopes.join(' '), accessHash: tokenHash(tokens.accessToken), issuedAt: tokens.issuedAt, createdAt: at, refreshedAt: at, refreshCount: 0,
    });
    await em.flush();
    await this.vault.createKey(em, this.tokens.scopeOf(grant));
    await this.tokens.store(em, grant, tokens);
    return grant;
  }

  /** The next epoch of a connection, whose row the caller holds: one series for all its grants, so that an epoch names one token set. */
  async nextEpoch(em: EntityManager, connectionId: string): Promise<number> {
    const [last] = await em.execute<{ epoch: number | null }[]>('select max(epoch) as epoch from oauth_grant where connection_id = ?', [connectionId], 'all');
    return (last?.epoch ?? 0) + 1;
  }

  /** Which kinds of grant are alive. */
  async liveKinds(em: EntityManager, connectionId: string): Promise<readonly OauthGrant['kind'][]> {
    return (await em.find(OauthGrantTable, { connectionId, state: 'live' }, { disableIdentityMap: true })).map(({ kind }) => kind);
  }

  /** Ends the user grants a new one replaces. @returns revocations to attempt after the commit */
  async supersede(em: EntityManager, connectionId: string): Promise<readonly string[]> {
    return this.#end(em, connectionId, ['user'], 'superseded', false);
  }

  /** Ends every grant of a connection that is being disconnected. @returns revocations to attempt after the commit */
  async revoke(em: EntityManager, connectionId: string): Promise<readonly string[]> {
    return this.#end(em, connectionId, ['user', 'jwt'], 'revoked', true);
  }

  /** Keeps what a refresh gave; a refresh token that was not replaced stays as it is. */
  async storeTokens(em: EntityManager, grant: OauthGrant, tokens: TokenSet): Promise<void> {
    await this.tokens.store(em, grant, tokens);
  }

  /** Revokes a token that came for a grant which has ended meanwhile. */
  async revokeToken({ connectionId, workspaceId, loginOrigin }: OauthGrant, refreshToken: Secret<string>): Promise<void> {
    const id = await this.em.fork().transactional(async (em) => this.revocations.add(em, { connectionId, workspaceId, loginOrigin, refreshToken, endsConnection: false }));
    this.revokeSoon([id]);
  }

  /** Attempts revocations without being waited for; what fails is tried again by the scheduler. */
  revokeSoon(ids: readonly string[]): void {
    for (const id of ids) this.revocations.attempt(id).catch((error: unknown) => this.#log.error(error));
  }

  async #end(em: EntityManager, connectionId: string, kinds: readonly OauthGrant['kind'][], state: GrantState, endsConnection: boolean): Promise<readonly string[]> {
    const grants = await em.find(OauthGrantTable, { connectionId, kind: { $in: kinds }, state: { $in: ['live', 'dead'] } }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    const ids: string[] = [];
    for (const grant of grants) {
      const id = await this.#retire(em, grant, endsConnection);
      if (id !== undefined) ids.push(id);
      Object.assign(grant, { state, endedAt: this.now(), leaseOwner: null, leaseUntil: null });
    }
    await em.flush();
    return ids;
  }

  /** Moves the refresh token (of a jwt grant: the session, for there is nothing else) to its revocation and destroys the grant's key; what cannot be read is left as it is. */
  async #retire(em: EntityManager, grant: OauthGrant, endsConnection: boolean): Promise<string | undefined> {
    try {
      const refreshToken = grant.kind === 'jwt' ? await this.tokens.accessToken(em, grant) : await this.tokens.refreshToken(em, grant);
      const { connectionId, workspaceId, loginOrigin } = grant;
      const id = grant.state === 'live' ? await this.revocations.add(em, { connectionId, workspaceId, loginOrigin, refreshToken, endsConnection }) : undefined;
      await this.vault.shred(em, grant.id);
      return id;
    } catch (error) {
      if (!(error instanceof VaultUnreadable)) throw error;
      this.#log.error(`a grant of connection ${grant.connectionId} cannot be read and is left in the vault`);
      return undefined;
    }
  }
}
