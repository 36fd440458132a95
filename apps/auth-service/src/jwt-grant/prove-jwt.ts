import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { JwtProof } from '@tributary/api-contracts';
import { Conflict, NotFound } from '@tributary/failures';
import { callsOf } from '../calls/call-origin.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { ConnectionTable, type Connection } from '../connection/connection.entity.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { KeepJwtGrant } from './keep-jwt-grant.ts';
import { ProveAccess, type ProvenAccess } from './prove-access.ts';
import { Revive } from './revive.ts';
import { People } from '../person/people.ts';
import { WayNews } from '../policy/way-news.ts';

export interface ProofRequest {
  readonly personId: string;
  readonly connectionId: string;
}

/** Tries whether a connection's own user can be worked for without them; a success is kept as the connection's second way in. */
@Injectable()
export class ProveJwt {
  constructor(
    private readonly people: People,
    private readonly prove: ProveAccess,
    private readonly keep: KeepJwtGrant,
    private readonly changes: ConnectionChanges,
    private readonly revive: Revive,
    private readonly news: WayNews,
  ) {}

  /** @throws NotFound `CONNECTION_NOT_FOUND`; Conflict `CONNECTION_DISCONNECTED`; VaultUnreadable */
  async execute({ personId, connectionId }: ProofRequest): Promise<JwtProof> {
    const connection = await this.people.as(personId, 'change-own-connection', async (em) => em.findOne(ConnectionTable, { id: connectionId, personId }));
    if (connection === null) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    requireConnected(connection);
    const { username, loginOrigin, instanceUrl, orgKind, site, orgId, userId } = connection;
    const { proof, access } = await callsOf(connectionId, () => this.prove.execute(username, { loginOrigin, instanceUrl, orgKind, site: site ?? null }, (identity) => identity.orgId === orgId && identity.userId === userId));
    if (access === undefined) return proof;
    const state = await this.people.as(personId, 'change-own-connection', async (em) => this.#keep(em, connectionId, personId, access));
    this.changes.announce(connectionId, state);
    return proof;
  }

  async #keep(em: EntityManager, connectionId: string, personId: string, { tokens, host }: ProvenAccess): Promise<Connection['state']> {
    const connection = await this.changes.hold(em, connectionId);
    requireConnected(connection);
    const lost = await em.findOne(OauthGrantTable, { connectionId, kind: 'jwt', state: 'dead' });
    const result = await this.keep.execute(em, connection, { tokens, host });
    const both = (await em.count(OauthGrantTable, { connectionId, kind: 'user', state: 'live' })) > 0;
    if (connection.policy === 'user' && (result === 'made' || !both)) connection.policy = 'hybrid';
    if (lost !== null && both) await this.news.restored(em, connection, lost.endedBecause ?? 'unknown');
    const text = result === 'made' ? `Access by signed assertion works${both ? ': both ways in are used from now on' : ''}.` : 'Access by signed assertion was proven again.';
    await this.revive.execute(em, connection, { kind: 'jwt-proven', text, personId });
    await em.flush();
    return connection.state;
  }
}

function requireConnected({ state }: Connection): void {
  if (state === 'disconnecting' || state === 'disconnected' || state === 'purged') throw new Conflict('CONNECTION_DISCONNECTED', 'The connection was disconnected. Connect again first.');
}
