import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { ConnectionCore } from '@tributary/api-contracts';
import { ConnectionId, connectionPaused } from '@tributary/event-contracts';
import { Conflict, Forbidden } from '@tributary/failures';
import { Outbox } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { ConnectionChanges } from './connection-changes.ts';
import { nextState } from './connection-machine.ts';
import type { Connection } from './connection.entity.ts';
import { ReadConnections } from './read-connections.ts';

export interface Pause {
  readonly personId: string;
  readonly connectionId: string;
  readonly paused: boolean;
}

/** Stops lending tokens at a person's wish, or lends them again. Grants are kept alive meanwhile. */
@Injectable()
export class PauseConnection {
  constructor(
    private readonly em: EntityManager,
    private readonly changes: ConnectionChanges,
    private readonly connections: ReadConnections,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Safe to ask twice. @throws NotFound `CONNECTION_NOT_FOUND`; Forbidden `NOT_YOUR_CONNECTION`; Conflict `CONNECTION_CANNOT_PAUSE` */
  async execute({ personId, connectionId, paused }: Pause): Promise<ConnectionCore> {
    const { owner } = await this.connections.one(personId, connectionId);
    if (!owner.isMe) throw new Forbidden('NOT_YOUR_CONNECTION', 'Only the person who consented may pause this connection.');
    const state = await this.em.fork().transactional(async (em) => {
      const connection = await this.changes.hold(em, connectionId);
      if (((connection.pausedAt ?? null) !== null) !== paused) await (paused ? this.#pause(em, connection, personId) : this.#resume(em, connection, personId));
      return connection.state;
    });
    this.changes.announce(connectionId, state);
    return this.connections.one(personId, connectionId);
  }

  async #pause(em: EntityManager, connection: Connection, personId: string): Promise<void> {
    if (nextState(connection.state, 'paused') === undefined) throw new Conflict('CONNECTION_CANNOT_PAUSE', `The connection cannot be paused while it is ${connection.state.replaceAll('_', ' ')}.`, { action: 'Pause it once it works again, or disconnect it.' });
    connection.pausedAt = this.now();
    await this.changes.apply(em, connection, 'paused', { told: { kind: 'paused', text: 'Paused: nothing is read at Salesforce until you resume; the access is kept alive.', personId } });
    await this.#publish(em, connection, true);
  }

  async #resume(em: EntityManager, connection: Connection, personId: string): Promise<void> {
    connection.pausedAt = null;
    const told = { kind: 'resumed', text: 'Resumed: copying goes on.', personId };
    // Trouble met while paused stays trouble; only the wish is gone.
    if (connection.state === 'paused') await this.changes.apply(em, connection, 'resumed', { told });
    else await this.changes.tell(em, connection, told);
    await this.#publish(em, connection, false);
  }

  async #publish(em: EntityManager, { id }: Connection, paused: boolean): Promise<void> {
    await this.outbox.add(em, connectionPaused.create({ connectionId: ConnectionId.parse(id), paused }, { now: this.now() }));
  }
}
