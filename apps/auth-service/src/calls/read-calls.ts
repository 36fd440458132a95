import { Injectable } from '@nestjs/common';
import type { CallsRequest, SalesforceCallList } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { CallLog, readCalls, WorkspaceScope } from '@tributary/persistence';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { visibleTo } from '../connection/read-connections.ts';
import { People } from '../person/people.ts';

export interface CallsOfConnection extends CallsRequest {
  readonly personId: string;
  readonly connectionId: string;
}

@Injectable()
export class ReadCalls {
  constructor(
    private readonly people: People,
    private readonly scope: WorkspaceScope,
    private readonly log: CallLog,
  ) {}

  /** Calls of OAuth made for a connection, newest first. @throws NotFound `CONNECTION_NOT_FOUND` also when it belongs to somebody else who has not shared it */
  async execute({ personId, connectionId, ...wanted }: CallsOfConnection): Promise<SalesforceCallList> {
    const workspaceId = await this.people.as(personId, 'read', async (em, person) => {
      if ((await em.count(ConnectionTable, { id: connectionId, ...visibleTo(personId) })) === 0) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
      return person.workspaceId;
    });
    await this.log.flush();
    return this.scope.runSql(workspaceId, async (client) => readCalls(client, connectionId, wanted));
  }
}
