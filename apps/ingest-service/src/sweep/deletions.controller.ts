import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { confirmDeletions, listDeletions, type DeletionList } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
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
  async list(@Payload() { workspaceId, connectionId }: { workspaceId: WorkspaceId; connectionId: ConnectionId }): Promise<DeletionList> {
    return this.readDeletions.execute(workspaceId, connectionId);
  }

  @OnRequest(confirmDeletions)
  async confirm(@Payload() confirmation: Confirmation): Promise<DeletionList> {
    return this.confirmDeletions.execute(confirmation);
  }
}
