import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { ConnectionCore } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { present } from '../closure/erasing.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';
import { People } from '../person/people.ts';
import { WayUseTable } from '../policy/way-use.entity.ts';
import { WayUses } from '../policy/way-uses.ts';
import { PersonTable } from '../person/person.entity.ts';
import { connectionCore } from './connection-view.ts';
import { ConnectionTable, type Connection } from './connection.entity.ts';

/** What a person may see of connections: their own, because Salesforce lets each person see different data, and what others have shared. */
@Injectable()
export class ReadConnections {
  constructor(
    private readonly people: People,
    private readonly audit: AuditTrail,
    private readonly wayUses: WayUses,
  ) {}

  /** Newest first; purged ones are gone. */
  async list(personId: string): Promise<ConnectionCore[]> {
    return this.people.as(personId, 'read', async (em) =>
      this.#shown(em, personId, await em.find(ConnectionTable, { ...visibleTo(personId), $and: [present] }, { orderBy: { createdAt: 'desc', id: 'desc' } })));
  }

  /** @throws NotFound `CONNECTION_NOT_FOUND` also when it belongs to somebody else who has not shared it */
  async one(personId: string, connectionId: string): Promise<ConnectionCore> {
    return this.people.as(personId, 'read', async (em) => {
      const [shown] = await this.#shown(em, personId, await em.find(ConnectionTable, { id: connectionId, ...visibleTo(personId) }));
      if (shown === undefined) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
      return shown;
    });
  }

  async #shown(em: EntityManager, personId: string, connections: readonly Connection[]): Promise<ConnectionCore[]> {
    const ids = connections.map(({ id }) => id);
    await this.wayUses.flush(ids);
    const grants = Map.groupBy(await em.find(OauthGrantTable, { connectionId: { $in: ids } }), (grant) => grant.connectionId);
    const owners = new Map((await em.find(PersonTable, { id: { $in: connections.map((one) => one.personId) } })).map(({ id, name }) => [id, name]));
    const uses = Map.groupBy(await em.find(WayUseTable, { connectionId: { $in: ids } }), (use) => use.connectionId);
    const timelines = await this.audit.timelines(em, ids);
    return connections.map((connection) => connectionCore(connection, {
      grants: grants.get(connection.id) ?? [], uses: uses.get(connection.id) ?? [], timeline: timelines.get(connection.id) ?? [], personId, ownerName: owners.get(connection.personId) ?? connection.userName,
    }));
  }
}

/** Condition for queries: connections a person may see. */
export function visibleTo(personId: string) {
  return { $or: [{ personId }, { visibility: 'workspace' as const }] };
}
