import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionErased, datasetClosed, type ConnectionErased } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { Inbox, Outbox } from '@tributary/persistence';
import { Datasets } from './datasets.ts';

/** The connection is gone: what is kept stays frozen, what is to be erased leaves no trace here; and so it is told. */
@Controller()
export class ConnectionErasedConsumer {
  constructor(
    private readonly datasets: Datasets,
    private readonly inbox: Inbox,
    private readonly outbox: Outbox,
  ) {}

  @OnEvent(connectionErased)
  async handle(@Payload() event: ConnectionErased): Promise<void> {
    const { connectionId, data } = event.data;
    if (data === 'erase') await this.datasets.erase(connectionId);
    // Erasing is done by files and may happen twice; that it happened is told once.
    await this.inbox.once('analytics_auth', event, (em) => this.outbox.add(em, datasetClosed.create({ connectionId, data }, { causedBy: event })));
  }
}
