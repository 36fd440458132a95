import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionId, OrgId, PersonId, SalesforceUserId, WorkspaceId, connectionAuthorized } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { Outbox } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { v7 as uuidV7 } from 'uuid';
import { present, shownState } from '../closure/erasing.ts';
import { ConnectionTable, type Connection } from '../connection/connection.entity.ts';
import { orgKind, orgLabel } from '../consent/org-label.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { Revocations } from '../grant/revocations.ts';
import { People } from '../person/people.ts';
import type { Person } from '../person/person.entity.ts';
import type { OrgAddresses } from './assertion-targets.ts';
import { KeepJwtGrant } from './keep-jwt-grant.ts';
import type { ProvenAccess } from './prove-access.ts';
import { Revive } from './revive.ts';

/** Where the assertion was presented, for which site. */
type GivenAddresses = Pick<OrgAddresses, 'loginOrigin' | 'site'>;

/** Stores access that an assertion gave with its connection: a new one, or the one the workspace has for this org and user. */
@Injectable()
export class KeepServiceConnection {
  constructor(
    private readonly people: People,
    private readonly keep: KeepJwtGrant,
    private readonly revive: Revive,
    private readonly revocations: Revocations,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Connection, sealed grant, audit and events are one transaction. @throws Conflict `CONNECTION_OF_SOMEBODY_ELSE` */
  async execute(person: Person, access: ProvenAccess, addresses: GivenAddresses): Promise<Connection> {
    return this.people.as(person.id, 'connect-service', async (em) => this.#keep(em, person, access, addresses));
  }

  async #keep(em: EntityManager, person: Person, { tokens, host, identity }: ProvenAccess, addresses: GivenAddresses): Promise<Connection> {
    // The same lock as a consent of this identity: each sees the connection the one before has left.
    await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`consent:${identity.orgId}:${identity.userId}`]);
    const { connection, reconnected } = await this.#connection(em, person, { tokens, host, identity }, addresses);
    const consent = (await em.count(OauthGrantTable, { connectionId: connection.id, kind: 'user', state: 'live' })) > 0;
    Object.assign(connection, { policy: consent ? 'hybrid' : 'jwt', username: identity.username, userName: identity.displayName, ...addresses, dataAfter: null });
    await this.revive.execute(em, connection, { kind: reconnected ? 'reconnected-by-jwt' : 'connected-by-jwt', text: `${person.name} connected ${identity.username} by signed assertion, without a browser.`, personId: person.id });
    const authorized = connectionAuthorized.create({
      connectionId: ConnectionId.parse(connection.id), orgId: OrgId.parse(connection.orgId), userId: SalesforceUserId.parse(connection.userId), workspaceId: WorkspaceId.parse(connection.workspaceId),
      personId: PersonId.parse(connection.personId), instanceUrl: tokens.instanceUrl, reconnected,
    }, { now: this.now() });
    await this.outbox.add(em, authorized);
    await this.keep.execute(em, connection, { tokens, host, causedBy: authorized });
    return connection;
  }

  async #connection(em: EntityManager, person: Person, access: ProvenAccess, addresses: GivenAddresses): Promise<{ connection: Connection; reconnected: boolean }> {
    const { orgId, userId } = access.identity;
    const known = await em.findOne(ConnectionTable, { workspaceId: person.workspaceId, orgId, userId, $and: [present] });
    if (known === null) return { connection: this.#newConnection(em, person, access, addresses), reconnected: false };
    if (known.personId !== person.id) throw new Conflict('CONNECTION_OF_SOMEBODY_ELSE', 'This user has a connection of their own already.', { action: 'They can prove access by assertion on their own connection.' });
    const connection = await em.findOneOrFail(ConnectionTable, { id: known.id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    await this.revocations.endConnection(em, connection);
    if (shownState(connection) === 'purged') return { connection: this.#newConnection(em, person, access, addresses), reconnected: false };
    return { connection, reconnected: true };
  }

  #newConnection(em: EntityManager, person: Person, { tokens, identity }: ProvenAccess, addresses: GivenAddresses): Connection {
    const at = this.now();
    return em.create(ConnectionTable, {
      id: uuidV7(), workspaceId: person.workspaceId, personId: person.id, orgId: identity.orgId, userId: identity.userId, policy: 'jwt',
      name: orgLabel(tokens.instanceUrl), orgKind: orgKind(tokens.instanceUrl, tokens.identityUrl), userName: identity.displayName, username: identity.username,
      instanceUrl: tokens.instanceUrl, ...addresses, state: 'pending_consent', failures: 0, createdAt: at, changedAt: at,
    });
  }
}
