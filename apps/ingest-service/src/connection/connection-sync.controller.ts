import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionSyncs, type ConnectionSync } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { ReadConnectionSyncs } from './read-connection-syncs.ts';

@Controller()
export class ConnectionSyncController {
  constructor(private readonly readConnectionSyncs: ReadConnectionSyncs) {}

  @OnRequest(connectionSyncs)
  async syncs(@Payload() { workspaceId, connectionIds }: { workspaceId: WorkspaceId; connectionIds: ConnectionId[] }): Promise<{ syncs: Record<string, ConnectionSync> }> {
    return { syncs: await this.readConnectionSyncs.execute(workspaceId, connectionIds) };
  }
}
