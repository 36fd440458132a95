import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Disconnected } from '@tributary/api-contracts';
import { Conflict, NotFound } from '@tributary/failures';
import { AuditTrail } from '../audit/audit-trail.ts';
import { Closures } from '../closure/closures.ts';
import { isErasing, shownState } from '../closure/erasing.ts';
import { GrantStore } from '../grant/grant-store.ts';
import { Revocations } from '../grant/revocations.ts';
import { ConnectionChanges } from './connection-changes.ts';
import { nextState } from './connection-machine.ts';
import { may } from '../person/may.ts';
import { People } from '../person/people.ts';
import type { Person } from '../person/person.entity.ts';
import { ConnectionTable } from './connection.entity.ts';

export interface Disconnection {
  readonly personId: string;
  readonly connectionId: string;
  readonly data: 'keep' | 'erase';
}

/** Ends a connection: nothing is lent any more, its key is destroyed, Salesforce is told, and the others learn what to do with the data. */
@Injectable()
export class DisconnectConnection {
  constructor(
    private readonly people: People,
    private readonly changes: ConnectionChanges,
    private readonly grants: GrantStore,
    private readonly revocations: Revocations,
    private readonly closures: Closures,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @returns `revoked: false` while Salesforce has not confirmed; the connection then stays `disconnecting` and it is tried again
   * @throws NotFound `CONNECTION_NOT_FOUND`; Conflict `CONNECTION_DISCONNECTED`
   */
  async execute({ personId, connectionId, data }: Disconnection): Promise<Disconnected> {
    const { workspaceId, revocations } = await this.people.as(personId, 'disconnect-own', async (em, person) => ({ workspaceId: person.workspaceId, revocations: await this.#end(em, person, { connectionId, data }) }));
    this.changes.announce(connectionId, revocations.length === 0 ? 'disconnected' : 'disconnecting');
    const confirmed = await Promise.all(revocations.map((id) => this.revocations.attempt(id)));
    const state = shownState(await this.people.within(workspaceId, async (em) => em.findOneOrFail(ConnectionTable, { id: connectionId })));
    if (state === 'purged') this.changes.announce(connectionId, state);
    return { id: connectionId, state, revoked: confirmed.every(Boolean), data };
  }

  /** Who consented may always end it; an owner of the workspace may end any, also one whose person has left. */
  async #end(em: EntityManager, { id: personId, role }: Person, { connectionId, data }: Omit<Disconnection, 'personId'>): Promise<readonly string[]> {
    if ((await em.findOne(ConnectionTable, { id: connectionId, ...(may(role, 'disconnect-any') ? {} : { personId }) })) === null) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    const connection = await this.changes.hold(em, connectionId);
    const mayErase = connection.state === 'disconnected' && data === 'erase' && !isErasing(connection);
    if (!mayErase && nextState(connection.state, 'disconnect') === undefined) throw new Conflict('CONNECTION_DISCONNECTED', 'The connection is disconnected already.');
    connection.dataAfter = data;
    const told = { kind: 'disconnected', text: data === 'erase' ? 'Disconnected; the data is being erased.' : 'Disconnected; the data is kept as it is.', personId };
    await this.closures.open(em, connection, data);
    if (mayErase) {
      await em.flush();
      await this.audit.add(em, connection, told);
      return [];
    }
    // Before anything is told: entries of one audit log wait for each other until their transactions end.
    const revocations = await this.grants.revoke(em, connectionId);
    await this.changes.apply(em, connection, 'disconnect', { told });
    // Without a living grant there is nothing Salesforce could confirm.
    if (revocations.length === 0) await this.revocations.endConnection(em, connection);
    return revocations;
  }
}
