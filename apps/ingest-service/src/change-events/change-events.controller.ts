import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { switchChangeEvents, type ChangeEvents } from '@tributary/api-contracts';
import type { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { SwitchChangeEvents } from './switch-change-events.ts';

@Controller()
export class ChangeEventsController {
  constructor(private readonly switchEvents: SwitchChangeEvents) {}

  @OnRequest(switchChangeEvents)
  async switch(@Payload() { workspaceId, connectionId, on }: { workspaceId: WorkspaceId; connectionId: ConnectionId; on: boolean }): Promise<ChangeEvents> {
    return this.switchEvents.execute(workspaceId, connectionId, on);
  }
}
