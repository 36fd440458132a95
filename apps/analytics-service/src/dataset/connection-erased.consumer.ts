import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionErased, type ConnectionErased } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { Datasets } from './datasets.ts';

/** The connection is gone: what is kept stays frozen, what is to be erased leaves no trace here. */
@Controller()
export class ConnectionErasedConsumer {
  constructor(private readonly datasets: Datasets) {}

  @OnEvent(connectionErased)
  async handle(@Payload() { data }: ConnectionErased): Promise<void> {
    if (data.data === 'erase') await this.datasets.erase(data.connectionId);
  }
}
