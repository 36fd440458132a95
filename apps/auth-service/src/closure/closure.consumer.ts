import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { copyClosed, datasetClosed, type CopyClosed, type DatasetClosed } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { Inbox } from '@tributary/persistence';
import { Closures } from './closures.ts';

/** Confirmations that what others held of a disconnected connection is frozen or erased. */
@Controller()
export class ClosureConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly closures: Closures,
  ) {}

  @OnEvent(copyClosed)
  async copy(@Payload() event: CopyClosed): Promise<void> {
    await this.inbox.once('auth_ingest', event, (em) => this.closures.acknowledge(em, event.data.connectionId, 'ingest', event.data.data));
  }

  @OnEvent(datasetClosed)
  async dataset(@Payload() event: DatasetClosed): Promise<void> {
    await this.inbox.once('auth_analytics', event, (em) => this.closures.acknowledge(em, event.data.connectionId, 'analytics', event.data.data));
  }
}
