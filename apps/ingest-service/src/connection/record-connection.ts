import { Injectable } from '@nestjs/common';
import type { ConnectionAuthorized } from '@tributary/event-contracts';
import { Inbox } from '@tributary/persistence';
import { sqlOf } from '../entity-manager.store.ts';
import { recordAuthorized } from './connections.store.ts';

@Injectable()
export class RecordConnection {
  constructor(private readonly inbox: Inbox) {}

  /** Remembers a connection whose grant exists. The first run waits for its token. */
  async execute(event: ConnectionAuthorized): Promise<void> {
    const { connectionId: id, workspaceId, orgId, userId } = event.data;
    await this.inbox.once('ingest_auth', event, (em) => recordAuthorized(sqlOf(em), { id, workspaceId, orgId, userId }));
  }
}
