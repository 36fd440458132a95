import { EntityManager, raw } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import { ConnectionId, OrgId, tokenReady } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import type { TokenSet } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { GrantStore } from './grant-store.ts';
import { tokenHash } from './grant-tokens.ts';
import { OauthGrantTable } from './oauth-grant.entity.ts';
import { troubleOf } from './refresh-outcome.ts';

export interface AnsweredRefresh {
  readonly connectionId: string;
  readonly grantId: string;
  /** Epoch whose refresh token was presented. */
  readonly epoch: number;
  readonly tokens: TokenSet;
  /** Hash of the access token that Salesforce had refused; the same one again means a policy, not an expiry. */
  readonly rejectedHash: string | undefined;
  /** Whether the outcome had been unknown, or lay in the escrow. */
  readonly recovered: boolean;
}

/** Makes an answered refresh the connection's present token set, if its epoch has not moved. */
@Injectable()
export class CommitRefresh {
  constructor(
    private readonly em: EntityManager,
    private readonly grants: GrantStore,
    private readonly changes: ConnectionChanges,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @returns `fenced` when another token set has taken its place; what was answered is then revoked */
  async execute(answered: AnsweredRefresh): Promise<'committed' | 'fenced'> {
    const state = await this.em.fork().transactional(async (em) => this.#commit(em, answered));
    if (state === undefined) {
      await this.#giveBack(answered);
      return 'fenced';
    }
    this.changes.announce(answered.connectionId, state);
    return 'committed';
  }

  async #commit(em: EntityManager, { connectionId, grantId, epoch, tokens, rejectedHash, recovered }: AnsweredRefresh): Promise<ConnectionState | undefined> {
    const connection = await this.changes.hold(em, connectionId);
    const accessHash = tokenHash(tokens.accessToken);
    const moved = await em.nativeUpdate(OauthGrantTable, { id: grantId, epoch, state: 'live' }, {
      epoch: epoch + 1, ...(tokens.refreshToken === undefined ? {} : { refreshEpoch: epoch + 1 }), flow: 'refresh-token', accessHash, issuedAt: tokens.issuedAt,
      refreshedAt: this.now(), refreshCount: raw('refresh_count + 1'), rotates: tokens.refreshToken !== undefined,
      leaseOwner: null, leaseUntil: null, intentEpoch: null, intentAt: null, intentRtHash: null,
    });
    if (moved === 0) return undefined;
    const grant = await em.findOneOrFail(OauthGrantTable, { id: grantId });
    await this.grants.storeTokens(em, grant, tokens);
    await this.#tell(em, connection, epoch + 1, tokens, recovered);
    if (accessHash === rejectedHash) await this.#policy(em, connection);
    return connection.state;
  }

  async #tell(em: EntityManager, connection: Connection, epoch: number, tokens: TokenSet, recovered: boolean): Promise<void> {
    const moved = connection.instanceUrl !== tokens.instanceUrl;
    const rotated = tokens.refreshToken === undefined ? '' : ' and a new refresh token';
    connection.instanceUrl = tokens.instanceUrl;
    connection.failures = 0;
    await this.changes.apply(em, connection, 'refreshed', {
      told: { kind: recovered ? 'recovered' : 'refreshed', text: `Salesforce gave a new access token${rotated}.${moved ? ` The org now answers at ${new URL(tokens.instanceUrl).host}.` : ''}` },
    });
    await this.outbox.add(em, tokenReady.create({ connectionId: ConnectionId.parse(connection.id), orgId: OrgId.parse(connection.orgId), epoch, flow: 'refresh-token' }, { now: this.now() }));
  }

  async #policy(em: EntityManager, connection: Connection): Promise<void> {
    const trouble = troubleOf('session-policy');
    await this.changes.apply(em, connection, 'admin-needed', { attention: trouble, told: { kind: 'state-changed', ...trouble } });
  }

  /** The epoch has moved, or the connection ended, while Salesforce answered: nobody may keep this token. */
  async #giveBack({ grantId, tokens }: AnsweredRefresh): Promise<void> {
    const grant = await this.em.fork().findOne(OauthGrantTable, { id: grantId });
    if (grant === null || grant.state === 'live' || tokens.refreshToken === undefined) return;
    await this.grants.revokeToken(grant, tokens.refreshToken);
  }
}
