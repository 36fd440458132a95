import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { disconnectConnection, getConnection, listConnections, type ConnectionCore, type Disconnected } from '@tributary/api-contracts';
import type { ConnectionId, PersonId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { DisconnectConnection, type Disconnection } from './disconnect-connection.ts';
import { ReadConnections } from './read-connections.ts';

@Controller()
export class ConnectionController {
  constructor(
    private readonly connections: ReadConnections,
    private readonly disconnectConnection: DisconnectConnection,
  ) {}

  @OnRequest(listConnections)
  async list(@Payload() { personId }: { readonly personId: PersonId }): Promise<{ connections: ConnectionCore[] }> {
    return { connections: await this.connections.list(personId) };
  }

  @OnRequest(getConnection)
  async one(@Payload() { personId, connectionId }: { readonly personId: PersonId; readonly connectionId: ConnectionId }): Promise<ConnectionCore> {
    return this.connections.one(personId, connectionId);
  }

  @OnRequest(disconnectConnection)
  async disconnect(@Payload() disconnection: Disconnection): Promise<Disconnected> {
    return this.disconnectConnection.execute(disconnection);
  }
}
