import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionAuthorized, type ConnectionAuthorized } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { RecordConnection } from './record-connection.ts';

@Controller()
export class ConnectionAuthorizedConsumer {
  constructor(private readonly recordConnection: RecordConnection) {}

  @OnEvent(connectionAuthorized)
  async handle(@Payload() event: ConnectionAuthorized): Promise<void> {
    await this.recordConnection.execute(event);
  }
}
