import { Injectable } from '@nestjs/common';
import type { CallsRequest, SalesforceCallList } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { CallLog, readCalls, WorkspaceScope } from '@tributary/persistence';

@Injectable()
export class ReadCalls {
  constructor(
    private readonly scope: WorkspaceScope,
    private readonly log: CallLog,
  ) {}

  /** Calls of the data APIs and of the Pub/Sub API made for a connection, newest first. */
  async execute(workspaceId: WorkspaceId, connectionId: ConnectionId, wanted: CallsRequest): Promise<SalesforceCallList> {
    await this.log.flush();
    return this.scope.runSql(workspaceId, (client) => readCalls(client, connectionId, wanted));
  }
}
