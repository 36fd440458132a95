import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { runFinished, type RunFinished } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { NameWorkspace } from './name-workspace.ts';

/** A run may have brought the name of the org along. */
@Controller()
export class WorkspaceConsumer {
  constructor(private readonly nameWorkspace: NameWorkspace) {}

  @OnEvent(runFinished)
  async finished(@Payload() { data: { connectionId } }: RunFinished): Promise<void> {
    await this.nameWorkspace.execute(connectionId);
  }
}
