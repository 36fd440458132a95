import { Injectable } from '@nestjs/common';
import type { Visibility } from '@tributary/api-contracts';
import { Forbidden, NotFound } from '@tributary/failures';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ConnectionChanges } from '../connection/connection-changes.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { People } from './people.ts';

export interface Sharing {
  readonly personId: string;
  readonly connectionId: string;
  readonly visibility: Visibility;
}

/** Opens a connection's data to the workspace, or closes it again; only who consented decides, since Salesforce shows each person other data. */
@Injectable()
export class ShareConnection {
  constructor(
    private readonly people: People,
    private readonly audit: AuditTrail,
    private readonly changes: ConnectionChanges,
  ) {}

  /** @throws Forbidden `NOT_YOUR_CONNECTION`, `ROLE_INSUFFICIENT`; NotFound `CONNECTION_NOT_FOUND` also for one that is not shared with the person */
  async execute({ personId, connectionId, visibility }: Sharing): Promise<void> {
    const state = await this.people.as(personId, 'share-own-connection', async (em, person) => {
      const seen = await em.findOne(ConnectionTable, { id: connectionId, $or: [{ personId }, { visibility: 'workspace' }], state: { $ne: 'purged' } });
      if (seen === null) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
      if (seen.personId !== personId) throw new Forbidden('NOT_YOUR_CONNECTION', 'Only the person who consented decides who sees this data.', { action: 'Ask them.' });
      const connection = await this.changes.hold(em, connectionId);
      if (connection.visibility === visibility) return connection.state;
      connection.visibility = visibility;
      await em.flush();
      await this.audit.add(em, connection, visibility === 'workspace'
        ? { kind: 'shared', text: `${person.name} shared the data with the workspace.`, personId }
        : { kind: 'unshared', text: `${person.name} made the data private again.`, personId });
      return connection.state;
    });
    this.changes.announce(connectionId, state);
  }
}
