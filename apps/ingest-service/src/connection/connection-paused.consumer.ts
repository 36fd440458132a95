import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionPaused, type ConnectionPaused } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { PauseConnection } from './pause-connection.ts';

@Controller()
export class ConnectionPausedConsumer {
  constructor(private readonly pauseConnection: PauseConnection) {}

  @OnEvent(connectionPaused)
  async handle(@Payload() event: ConnectionPaused): Promise<void> {
    await this.pauseConnection.execute(event);
  }
}
