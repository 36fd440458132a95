import { Injectable } from '@nestjs/common';
import type { CallsRequest, SalesforceCallList } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { CallLog, readCalls, SqlPool } from '@tributary/persistence';

@Injectable()
export class ReadCalls {
  constructor(
    private readonly pool: SqlPool,
    private readonly log: CallLog,
  ) {}

  /** Calls of the data APIs and of the Pub/Sub API made for a connection, newest first. */
  async execute(connectionId: ConnectionId, wanted: CallsRequest): Promise<SalesforceCallList> {
    await this.log.flush();
    return this.pool.transaction((client) => readCalls(client, connectionId, wanted));
  }
}
