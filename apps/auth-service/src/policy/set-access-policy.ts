import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AccessPolicy, ConnectionCore } from '@tributary/api-contracts';
import { Conflict, NotFound } from '@tributary/failures';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { ReadConnections } from '../connection/read-connections.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { People } from '../person/people.ts';
import { Revive } from '../jwt-grant/revive.ts';

export interface PolicyChange {
  readonly personId: string;
  readonly connectionId: string;
  readonly policy: AccessPolicy;
}

/** Chooses which ways in a connection uses; only ways that work can be chosen. */
@Injectable()
export class SetAccessPolicy {
  constructor(
    private readonly people: People,
    private readonly changes: ConnectionChanges,
    private readonly revive: Revive,
    private readonly connections: ReadConnections,
  ) {}

  /** @throws NotFound `CONNECTION_NOT_FOUND`; Conflict `JWT_NOT_PROVEN`, `CONSENT_MISSING`, `CONNECTION_DISCONNECTED` */
  async execute({ personId, connectionId, policy }: PolicyChange): Promise<ConnectionCore> {
    const state = await this.people.as(personId, 'change-own-connection', async (em) => this.#set(em, { personId, connectionId, policy }));
    this.changes.announce(connectionId, state);
    return this.connections.one(personId, connectionId);
  }

  async #set(em: EntityManager, { personId, connectionId, policy }: PolicyChange): Promise<ConnectionCore['state']> {
    if ((await em.count(ConnectionTable, { id: connectionId, personId })) === 0) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    const connection = await this.changes.hold(em, connectionId);
    if (connection.state === 'disconnecting' || connection.state === 'disconnected' || connection.state === 'purged') throw new Conflict('CONNECTION_DISCONNECTED', 'The connection was disconnected.');
    if (connection.policy === policy) return connection.state;
    const live = new Set((await em.find(OauthGrantTable, { connectionId, state: 'live' })).map(({ kind }) => kind));
    if (policy !== 'user' && !live.has('jwt')) throw new Conflict('JWT_NOT_PROVEN', 'Access by signed assertion is not proven for this connection.', { action: 'Prove it first.' });
    if (policy !== 'jwt' && !live.has('user')) throw new Conflict('CONSENT_MISSING', 'This connection holds no consent.', { action: 'Reconnect with Salesforce first.' });
    connection.policy = policy;
    // A connection that stopped for want of the consent goes on as soon as assertions may be used.
    await this.revive.execute(em, connection, { kind: 'policy-changed', text: policyTexts[policy], personId });
    await em.flush();
    return connection.state;
  }
}

const policyTexts: Readonly<Record<AccessPolicy, string>> = {
  user: 'From now on only the consent is used.',
  jwt: 'From now on only signed assertions are used.',
  hybrid: 'From now on both ways in are used; one carries on when the other gives nothing.',
};
