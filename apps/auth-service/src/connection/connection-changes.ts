import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Attention, ConnectionState } from '@tributary/api-contracts';
import { ConnectionId, connectionAttention } from '@tributary/event-contracts';
import { Defect } from '@tributary/failures';
import { LivePublisher } from '@tributary/messaging';
import { Outbox } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { databaseNow } from '../database-clock.store.ts';
import { AuditTrail, type Happening } from '../audit/audit-trail.ts';
import { needsAttention, nextState, type Trigger } from './connection-machine.ts';
import { ConnectionTable, type Connection } from './connection.entity.ts';

/** What a change of state leaves behind. */
export interface Change {
  /** For the timeline; without it the step is not told (a refresh that merely began). */
  readonly told?: Happening;
  /** Required for states that need somebody. */
  readonly attention?: Omit<Attention, 'since'>;
  readonly nextCheckAt?: Date | null;
}

/** Moves connections through their states: state, timeline and event in the caller's transaction. */
@Injectable()
export class ConnectionChanges {
  constructor(
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly live: LivePublisher,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Reads a connection and holds its row until the transaction ends. @throws Defect `CONNECTION_MISSING` */
  async hold(em: EntityManager, id: string): Promise<Connection> {
    const connection = await this.holdKnown(em, id);
    if (connection === undefined) throw new Defect('CONNECTION_MISSING', 'A connection that was worked on does not exist.');
    return connection;
  }

  /** Holds a connection that others have named. @returns undefined when there is none of that id */
  async holdKnown(em: EntityManager, id: string): Promise<Connection | undefined> {
    return (await em.findOne(ConnectionTable, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })) ?? undefined;
  }

  /**
   * Applies a trigger to a held connection. What repairs one that its person has paused leads back into the pause.
   * @throws Defect `TRANSITION_ILLEGAL` when the trigger is not allowed in its state
   */
  async apply(em: EntityManager, connection: Connection, trigger: Trigger, change: Change = {}): Promise<void> {
    const next = nextState(connection.state, trigger);
    if (next === undefined) throw new Defect('TRANSITION_ILLEGAL', `The connection cannot take ${trigger} while ${connection.state}.`);
    if (trigger === 'tokens-stored') connection.pausedAt = null;
    const state = next === 'active' && (connection.pausedAt ?? null) !== null ? 'paused' : next;
    if (state !== connection.state) connection.changedAt = this.now();
    connection.state = state;
    connection.nextCheckAt = change.nextCheckAt ?? null;
    await this.#attend(em, connection, change.attention);
    // The database writes it into the audit log with the step.
    await em.execute("select set_config('tributary.step', ?, true)", [trigger]);
    await em.flush();
    if (change.told !== undefined) await this.audit.add(em, connection, change.told);
  }

  /** Adds to the timeline what changes no state. */
  async tell(em: EntityManager, connection: Connection, told: Happening): Promise<void> {
    await em.flush();
    await this.audit.add(em, connection, told);
  }

  /** Tells the portal; after the commit, so that what it then reads is the new state. */
  announce(id: string, state: ConnectionState): void {
    this.live.publish({ type: 'connection.changed', connectionId: id, state });
  }

  async #attend(em: EntityManager, connection: Connection, attention: Change['attention']): Promise<void> {
    const before = connection.attentionCause ?? undefined;
    if (!needsAttention(connection.state)) {
      // A refresh under way repairs nothing yet: the attention stays until it has succeeded.
      if (before === undefined || connection.state === 'refreshing') return;
      const who = connection.attentionWho ?? 'nobody';
      Object.assign(connection, { attentionCause: null, attentionWho: null, attentionText: null, attentionSince: null });
      await this.#tell(em, connection, { cause: before, who, text: resolvedText(connection.state) }, true);
      return;
    }
    if (attention === undefined || attention.cause === before) return;
    Object.assign(connection, { attentionCause: attention.cause, attentionWho: attention.who, attentionText: attention.text, attentionSince: await databaseNow(em) });
    await this.#tell(em, connection, attention, false);
  }

  async #tell(em: EntityManager, { id, state }: Connection, attention: Omit<Attention, 'since'>, resolved: boolean): Promise<void> {
    await this.outbox.add(em, connectionAttention.create({ connectionId: ConnectionId.parse(id), state, ...attention, resolved }, { now: this.now() }));
  }
}

function resolvedText(state: ConnectionState): string {
  return state === 'active' || state === 'paused' || state === 'exchanging' ? 'The connection works again.' : 'The connection was disconnected.';
}
