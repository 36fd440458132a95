import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { windowCommitted, type WindowCommitted } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { Datasets } from './datasets.ts';
import { datasetObjects } from './plan-merge.ts';

/** News of the warehouse. Only a hint: a lost, doubled or late event costs nothing, because versions are compared with the warehouse. */
@Controller()
export class WindowCommittedConsumer {
  constructor(private readonly datasets: Datasets) {}

  @OnEvent(windowCommitted)
  async handle(@Payload() { data }: WindowCommitted): Promise<void> {
    if (datasetObjects.some((object) => object === data.object)) this.datasets.hint(data.connectionId);
  }
}
