import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { accessRefused, type AccessRefused } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { Inbox } from '@tributary/persistence';
import type { ConnectionState } from '@tributary/api-contracts';
import { ConnectionChanges } from './connection-changes.ts';
import { RefuseAccess } from './refuse-access.ts';

/** What ingest-service meets at Salesforce although the access is alive. */
@Controller()
export class AccessConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly refuseAccess: RefuseAccess,
    private readonly changes: ConnectionChanges,
  ) {}

  @OnEvent(accessRefused)
  async refused(@Payload() event: AccessRefused): Promise<void> {
    let state: ConnectionState | undefined;
    await this.inbox.once('auth_ingest', event, async (em) => {
      state = await this.refuseAccess.execute(em, event.data);
    });
    if (state !== undefined) this.changes.announce(event.data.connectionId, state);
  }
}
