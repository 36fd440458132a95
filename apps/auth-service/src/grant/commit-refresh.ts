import { EntityManager, raw } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { ConnectionState } from '@tributary/api-contracts';
import { ConnectionId, OrgId, tokenReady } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import type { TokenSet } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import type { Connection } from '../connection/connection.entity.ts';
import { nextLook } from '../connection/next-look.store.ts';
import { GrantStore } from './grant-store.ts';
import { tokenHash } from './grant-tokens.ts';
import { OauthGrantTable } from './oauth-grant.entity.ts';
import { troubleOf } from './refresh-outcome.ts';
import { RefreshProgress } from './refresh-progress.ts';

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

export type Commit =
  | { readonly kind: 'committed' }
  /** Another token set has taken its place, and nothing is lost with the answer: it holds no refresh token, one that is stored or was used since, or one of an ended grant, which is given back. */
  | { readonly kind: 'superfluous' }
  /** Another token set has taken its place, and nobody knows which of the two Salesforce takes. */
  | { readonly kind: 'stray'; readonly presentEpoch: number };

/** A session of Salesforce lasts a quarter of an hour at least; what ended earlier was ended. */
const shortestLife = 'least(coalesce(shortest_life_ms, 2000000000), greatest(900000, least(2000000000, extract(epoch from now() - issued_at) * 1000)))::integer';
const replaced = 'update presented_token p set replaced = true from oauth_grant g where g.id = ? and g.epoch = ? and p.token_hash = g.intent_rt_hash';

const setAside = { kind: 'answer-set-aside', cause: 'stray-answer', text: 'Salesforce answered one refresh twice with different tokens. The later answer is kept and used only should Salesforce refuse the first for good.' } as const;

/** Makes an answered refresh the connection's present token set, if its epoch has not moved. */
@Injectable()
export class CommitRefresh {
  constructor(
    private readonly em: EntityManager,
    private readonly grants: GrantStore,
    private readonly changes: ConnectionChanges,
    private readonly outbox: Outbox,
    private readonly progress: RefreshProgress,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  async execute(answered: AnsweredRefresh): Promise<Commit> {
    const state = await this.em.fork().transactional(async (em) => this.#commit(em, answered));
    if (state === undefined) return this.#late(answered);
    await this.progress.reached('after-commit');
    this.changes.announce(answered.connectionId, state);
    return { kind: 'committed' };
  }

  async #commit(em: EntityManager, { connectionId, grantId, epoch, tokens, rejectedHash, recovered }: AnsweredRefresh): Promise<ConnectionState | undefined> {
    const connection = await this.changes.hold(em, connectionId);
    const accessHash = tokenHash(tokens.accessToken);
    if (tokens.refreshToken !== undefined) await em.execute(replaced, [grantId, epoch]);
    const next = await this.grants.nextEpoch(em, connectionId);
    const moved = await em.nativeUpdate(OauthGrantTable, { id: grantId, epoch, state: 'live' }, {
      epoch: next, ...(tokens.refreshToken === undefined ? {} : { refreshEpoch: next }), flow: 'refresh-token', accessHash, issuedAt: tokens.issuedAt,
      refreshedAt: raw('now()'), refreshCount: raw('refresh_count + 1'), rotates: tokens.refreshToken !== undefined,
      leaseOwner: null, leaseUntil: null, intentEpoch: null, intentAt: null, intentRtHash: null, uncertainAt: null,
      ...(rejectedHash === undefined ? {} : { shortestLifeMs: raw(shortestLife) }),
    });
    if (moved === 0) return undefined;
    const grant = await em.findOneOrFail(OauthGrantTable, { id: grantId });
    await this.grants.storeTokens(em, grant, tokens);
    await this.#tell(em, connection, next, tokens, recovered);
    if (accessHash === rejectedHash) await this.#policy(em, connection);
    await this.progress.reached('before-commit');
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
    await this.changes.apply(em, connection, 'admin-needed', { attention: trouble, told: { kind: 'state-changed', ...trouble }, nextCheckAt: await nextLook(em, connection.id, trouble.cause) });
  }

  /** The epoch has moved, or the connection ended, while Salesforce answered. */
  async #late({ connectionId, grantId, tokens }: AnsweredRefresh): Promise<Commit> {
    const em = this.em.fork();
    const grant = await em.findOne(OauthGrantTable, { id: grantId });
    if (grant === null || tokens.refreshToken === undefined) return { kind: 'superfluous' };
    if (grant.state !== 'live') {
      await this.grants.revokeToken(grant, tokens.refreshToken);
      return { kind: 'superfluous' };
    }
    const used = await em.execute<unknown[]>('select 1 from presented_token where token_hash = ?', [tokenHash(tokens.refreshToken)], 'all');
    if (used.length > 0 || grant.accessHash === tokenHash(tokens.accessToken)) return { kind: 'superfluous' };
    await em.transactional(async (work) => this.changes.tell(work, await this.changes.hold(work, connectionId), setAside));
    return { kind: 'stray', presentEpoch: grant.epoch };
  }
}
