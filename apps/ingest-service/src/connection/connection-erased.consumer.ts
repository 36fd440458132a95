import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connectionErased, type ConnectionErased } from '@tributary/event-contracts';
import { OnEvent } from '@tributary/messaging';
import { EndConnection } from './end-connection.ts';

@Controller()
export class ConnectionErasedConsumer {
  constructor(private readonly endConnection: EndConnection) {}

  @OnEvent(connectionErased)
  async handle(@Payload() event: ConnectionErased): Promise<void> {
    await this.endConnection.execute(event);
  }
}
