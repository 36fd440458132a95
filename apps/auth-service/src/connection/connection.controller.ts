import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { disconnectConnection, getConnection, listConnections, pauseConnection, type ConnectionCore, type Disconnected } from '@tributary/api-contracts';
import type { ConnectionId, PersonId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { DisconnectConnection, type Disconnection } from './disconnect-connection.ts';
import { PauseConnection, type Pause } from './pause-connection.ts';
import { ReadConnections } from './read-connections.ts';

@Controller()
export class ConnectionController {
  constructor(
    private readonly connections: ReadConnections,
    private readonly disconnectConnection: DisconnectConnection,
    private readonly pauseConnection: PauseConnection,
  ) {}

  @OnRequest(listConnections)
  async list(@Payload() { personId }: { readonly personId: PersonId }): Promise<{ connections: ConnectionCore[] }> {
    return { connections: await this.connections.list(personId) };
  }

  @OnRequest(getConnection)
  async one(@Payload() { personId, connectionId }: { readonly personId: PersonId; readonly connectionId: ConnectionId }): Promise<ConnectionCore> {
    return this.connections.one(personId, connectionId);
  }

  @OnRequest(pauseConnection)
  async pause(@Payload() pause: Pause): Promise<ConnectionCore> {
    return this.pauseConnection.execute(pause);
  }

  @OnRequest(disconnectConnection)
  async disconnect(@Payload() disconnection: Disconnection): Promise<Disconnected> {
    return this.disconnectConnection.execute(disconnection);
  }
}
