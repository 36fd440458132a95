import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { subjectOf, type AnyEnvelope } from '@tributary/event-contracts';
import { Defect } from '@tributary/failures';

/** Anything that runs SQL within a transaction of the plain pool. */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Events leave with the state they tell of: rows of the same transaction, published afterwards by the relay. */
@Injectable()
export class Outbox {
  /** Adds events to the transaction of `em`. @throws Defect `OUTBOX_WITHOUT_TRANSACTION` */
  async add(em: EntityManager, ...events: readonly AnyEnvelope[]): Promise<void> {
    if (!em.isInTransaction()) throw new Defect('OUTBOX_WITHOUT_TRANSACTION', 'An event was added outside a transaction.');
    for (const row of events.map(rowOf)) await em.execute(insert('?'), row);
  }

  /** Adds events to a transaction of the plain pool. */
  async addWith(client: SqlClient, ...events: readonly AnyEnvelope[]): Promise<void> {
    for (const row of events.map(rowOf)) await client.query(insert('$'), row);
  }
}

/** Larger facts belong in a table with their id in the event. */
const maxPayloadBytes = 64 * 1024;

function rowOf(event: AnyEnvelope): unknown[] {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > maxPayloadBytes) throw new Defect('EVENT_TOO_LARGE', `The event ${event.type} is larger than 64 KiB.`);
  return [event.id, event.subject, subjectOf(event), payload];
}

function insert(style: '?' | '$'): string {
  const [id, aggregate, subject, payload] = style === '?' ? ['?', '?', '?', '?'] : ['$1', '$2', '$3', '$4'];
  return `insert into outbox (event_id, aggregate, subject, payload) values (${id}, ${aggregate}, ${subject}, ${payload}::jsonb)`;
}
