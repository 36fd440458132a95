import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { deletionsConfirmed, type DeletionsConfirmed } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { Inbox } from '@tributary/persistence';
import { ConnectionChanges } from '../connection/connection-changes.ts';

/** Who confirmed that rows held back really are gone: it lets rows be marked as deleted, and cannot be taken back. */
@Controller()
export class ConfirmedDeletionsConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly changes: ConnectionChanges,
  ) {}

  @OnEvent(deletionsConfirmed)
  async handle(@Payload() event: DeletionsConfirmed): Promise<void> {
    const { connectionId, personId, object, rows } = event.data;
    await this.inbox.once('auth_ingest', event, async (em) => {
      const text = `${rows === 1 ? 'One row' : `${rows} rows`} of ${object} held back as missing ${rows === 1 ? 'was' : 'were'} confirmed to be gone at Salesforce.`;
      await this.changes.tell(em, await this.changes.hold(em, connectionId), { kind: 'deletions-confirmed', text, personId, correlationId: event.correlationid });
    });
  }
}
