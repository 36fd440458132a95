import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { SignInProof } from '@tributary/api-contracts';
import { ConnectionId, OrgId, PersonId, SalesforceUserId, WorkspaceId, connectionAuthorized, tokenReady } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import type { Identity } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { callsLedTo } from '../calls/call-origin.ts';
import { present, shownState } from '../closure/erasing.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { ConnectionTable, type Connection } from '../connection/connection.entity.ts';
import { GrantStore } from '../grant/grant-store.ts';
import { Revocations } from '../grant/revocations.ts';
import type { OauthGrant } from '../grant/oauth-grant.entity.ts';
import type { Person } from '../person/person.entity.ts';
import { Tickets } from '../sign-in/tickets.ts';
import { orgKind, orgLabel } from './org-label.ts';
import type { ReceivedGrant } from './salesforce.strategy.ts';

export interface GrantToKeep extends ReceivedGrant {
  readonly identity: Identity;
  readonly person: Person;
  readonly correlationId: string;
  /** When the person last proved who they are. */
  readonly authenticatedAt: Date;
  readonly proof: SignInProof;
}

export interface KeptGrant {
  readonly connectionId: string;
  /** For the gateway alone. */
  readonly ticket: string;
  readonly returnPath: string;
  /** Tokens that this grant replaced; revoked once it is stored. */
  readonly revocations: readonly string[];
}

/** Stores a proven grant with its connection: a new one, or the one this person had for this org and user. */
@Injectable()
export class KeepGrant {
  constructor(
    private readonly changes: ConnectionChanges,
    private readonly grants: GrantStore,
    private readonly revocations: Revocations,
    private readonly tickets: Tickets,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Runs in the caller's transaction, which holds the lock of this identity. */
  async execute(em: EntityManager, kept: GrantToKeep): Promise<KeptGrant> {
    const { connection, reconnected } = await this.#connection(em, kept);
    await this.changes.apply(em, connection, 'consented');
    describe(connection, kept);
    // A consent that could not be used would be none: with one way alive, or none, both may be used from now on.
    if (connection.policy === 'jwt' && (await this.grants.liveKinds(em, connection.id)).length < 2) connection.policy = 'hybrid';
    const revocations = await this.grants.supersede(em, connection.id);
    const grant = await this.grants.create(em, connection, { tokens: kept.tokens, loginOrigin: kept.transaction.loginOrigin });
    await this.changes.apply(em, connection, 'tokens-stored', { told: consented(kept, reconnected) });
    await this.#publish(em, connection, grant, reconnected, kept.correlationId);
    const ticket = await this.tickets.issue(em, { personId: kept.person.id, connectionId: connection.id, authenticatedAt: kept.authenticatedAt, proof: kept.proof });
    return { connectionId: connection.id, ticket, returnPath: kept.transaction.returnPath, revocations };
  }

  /** Old grants go only now that the new one is safe. */
  afterCommit({ connectionId, revocations }: KeptGrant): void {
    callsLedTo(connectionId);
    this.changes.announce(connectionId, 'active');
    this.grants.revokeSoon(revocations);
  }

  async #connection(em: EntityManager, kept: GrantToKeep): Promise<{ connection: Connection; reconnected: boolean }> {
    const { person, identity: { orgId, userId } } = kept;
    const known = await em.findOne(ConnectionTable, { workspaceId: person.workspaceId, orgId, userId, $and: [present] });
    if (known === null) return { connection: this.#newConnection(em, kept), reconnected: false };
    const connection = await this.changes.hold(em, known.id);
    // The old grant's revocation goes on by itself; the connection need not wait for it.
    await this.revocations.endConnection(em, connection);
    if (shownState(connection) === 'purged') return { connection: this.#newConnection(em, kept), reconnected: false };
    return { connection, reconnected: true };
  }

  #newConnection(em: EntityManager, kept: GrantToKeep): Connection {
    const at = this.now();
    return em.create(ConnectionTable, {
      id: uuidV7(), workspaceId: kept.person.workspaceId, personId: kept.person.id, orgId: kept.identity.orgId, userId: kept.identity.userId,
      ...facts(kept), state: 'pending_consent', failures: 0, createdAt: at, changedAt: at,
    });
  }

  async #publish(em: EntityManager, connection: Connection, grant: OauthGrant, reconnected: boolean, correlationid: string): Promise<void> {
    const connectionId = ConnectionId.parse(connection.id);
    const orgId = OrgId.parse(connection.orgId);
    const origin = { now: this.now(), causedBy: { correlationid } };
    const authorized = connectionAuthorized.create({
      connectionId, orgId, userId: SalesforceUserId.parse(connection.userId), workspaceId: WorkspaceId.parse(connection.workspaceId),
      personId: PersonId.parse(connection.personId), instanceUrl: connection.instanceUrl, reconnected,
    }, origin);
    await this.outbox.add(em, authorized, tokenReady.create({ connectionId, orgId, epoch: grant.epoch, flow: 'web-server' }, { ...origin, causedBy: authorized }));
  }
}

function facts({ tokens, identity, transaction }: GrantToKeep) {
  return {
    name: orgLabel(tokens.instanceUrl), orgKind: orgKind(tokens.instanceUrl, tokens.identityUrl), userName: identity.displayName, username: identity.username,
    instanceUrl: tokens.instanceUrl, loginOrigin: transaction.loginOrigin,
  };
}

function describe(connection: Connection, kept: GrantToKeep): void {
  Object.assign(connection, facts(kept), { personId: kept.person.id, dataAfter: null, failures: 0 });
}

function consented({ identity, person, correlationId, tokens }: GrantToKeep, reconnected: boolean) {
  const warning = identity.appInstalled === false ? ' The app is not installed in this org: other users may be refused until an admin installs it.' : '';
  return {
    kind: reconnected ? 'reconnected' : 'consented',
    text: `${identity.displayName} approved access${tokens.scopes.length > 0 ? ` (${[...tokens.scopes].sort().join(', ')})` : ''}.${warning}`,
    personId: person.id,
    correlationId,
  };
}
