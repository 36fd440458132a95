import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { confirmDeletions, listDeletions, type DeletionList } from '@tributary/api-contracts';
import type { ConnectionId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { ConfirmDeletions, type Confirmation } from './confirm-deletions.ts';
import { ReadDeletions } from './read-deletions.ts';

@Controller()
export class DeletionsController {
  constructor(
    private readonly readDeletions: ReadDeletions,
    private readonly confirmDeletions: ConfirmDeletions,
  ) {}

  @OnRequest(listDeletions)
  async list(@Payload() { connectionId }: { connectionId: ConnectionId }): Promise<DeletionList> {
    return this.readDeletions.execute(connectionId);
  }

  @OnRequest(confirmDeletions)
  async confirm(@Payload() confirmation: Confirmation): Promise<DeletionList> {
    return this.confirmDeletions.execute(confirmation);
  }
}
