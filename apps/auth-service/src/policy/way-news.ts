import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Attention } from '@tributary/api-contracts';
import { ConnectionId, connectionAttention } from '@tributary/event-contracts';
import { Outbox } from '@tributary/persistence';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Connection } from '../connection/connection.entity.ts';
import type { WayKind } from './choose-way.ts';

export interface LostWay {
  readonly kind: WayKind;
  readonly cause: string;
  readonly who: Attention['who'];
  readonly text: string;
}

/** Says that one of two ways in is gone, or back, while the work goes on: silent for the work, loud for people. */
@Injectable()
export class WayNews {
  constructor(
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Runs in the caller's transaction, after the connection has its new state. */
  async lost(em: EntityManager, connection: Connection, { kind, cause, who, text }: LostWay): Promise<void> {
    const told = lostWayText(kind, text);
    await this.outbox.add(em, connectionAttention.create({ connectionId: ConnectionId.parse(connection.id), state: connection.state, cause, who, text: told, resolved: false }, { now: this.now() }));
    await this.audit.add(em, connection, { kind: 'way-lost', text: told, cause });
  }

  async restored(em: EntityManager, connection: Connection, cause: string): Promise<void> {
    const text = 'Both ways in work again.';
    await this.outbox.add(em, connectionAttention.create({ connectionId: ConnectionId.parse(connection.id), state: connection.state, cause, who: 'nobody', text, resolved: true }, { now: this.now() }));
    await this.audit.add(em, connection, { kind: 'way-restored', text, cause });
  }
}

const carrying: Readonly<Record<WayKind, string>> = { user: 'Signed assertions carry on', jwt: 'The consent carries on' };

/** What people are told of a way that is gone. */
export function lostWayText(kind: WayKind, text: string): string {
  return `One of two ways in is gone: ${text} ${carrying[kind]}; nothing is interrupted.`;
}
