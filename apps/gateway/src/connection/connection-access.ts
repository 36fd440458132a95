import { Injectable } from '@nestjs/common';
import { getConnection, type ConnectionCore } from '@tributary/api-contracts';
import { ConnectionId, PersonId } from '@tributary/event-contracts';
import { NotFound } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { Session } from '../session/session.entity.ts';

/** Lets a person reach only connections that are theirs. */
@Injectable()
export class ConnectionAccess {
  constructor(private readonly requests: RequestClient) {}

  /** @throws NotFound `CONNECTION_NOT_FOUND` also for a connection of somebody else */
  async require(session: Session, id: string): Promise<{ connectionId: ConnectionId; personId: PersonId; connection: ConnectionCore }> {
    const connectionId = ConnectionId.safeParse(id);
    if (!connectionId.success) throw new NotFound('CONNECTION_NOT_FOUND', 'There is no such connection.');
    const personId = PersonId.parse(session.personId);
    const connection = await this.requests.ask(getConnection, { personId, connectionId: connectionId.data });
    return { connectionId: connectionId.data, personId, connection };
  }
}
