import { jetstreamManager } from '@nats-io/jetstream';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ConnectionId, eventStream, OrgId, tokenReady, type TokenReady } from '@tributary/event-contracts';
import { Inbox, Outbox, PersistenceModule, SqlPool } from '@tributary/persistence';
import { ServiceKitModule, startService } from '@tributary/service-kit';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MessagingModule, OnEvent } from './index.ts';

const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
const orgId = OrgId.parse('00DXX0000001abcEAA');
const subject = tokenReady.subject(connectionId);

@Controller()
class Consumer {
  static readonly applied: number[] = [];
  static delivered = 0;
  /** While it is there, the handler does not come back. */
  static hold: Promise<void> | undefined;

  constructor(private readonly inbox: Inbox) {}

  @OnEvent(tokenReady)
  async handle(@Payload() event: TokenReady): Promise<void> {
    Consumer.delivered += 1;
    await Consumer.hold;
    await this.inbox.once('ingest_auth', event, async () => void Consumer.applied.push(event.data.epoch));
  }
}

let environment: ServiceEnvironment;
let ingest: NestExpressApplication;
let observer: NatsConnection;

async function start(): Promise<void> {
  @Module({
    imports: [
      ServiceKitModule.forService(),
      await PersistenceModule.forService({ schema: 'ingest', url: environment.databaseUrl('ingest'), entities: [], migrations: [] }),
      MessagingModule.forService({ service: 'ingest', natsUrl: environment.natsUrl('ingest') }),
    ],
    controllers: [Consumer],
  })
  class ServiceModule {}
  ({ app: ingest } = await startService({ name: 'ingest', module: ServiceModule, host: '127.0.0.1', port: 0, logLevel: 'fatal' }));
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  observer = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
  await start();
  await until('the stream', async () => (await (await jetstreamManager(observer)).consumers.info(eventStream, 'ingest_auth')).name);
});

beforeEach(() => {
  Consumer.applied.length = 0;
  Consumer.delivered = 0;
});

afterAll(async () => {
  await ingest?.close();
  await observer?.close();
  await environment?.stop();
});

const ready = (epoch: number) => tokenReady.create({ connectionId, orgId, epoch, flow: 'refresh-token' });
const send = (event: unknown): void => observer.publish(subject, typeof event === 'string' ? event : JSON.stringify(event));
const applied = (epoch: number): Promise<boolean> => until(`epoch ${epoch}`, () => Consumer.applied.includes(epoch));
const letters = async (): Promise<string[]> => (await ingest.get(SqlPool).query<{ code: string }>('select code from dead_letter order by id')).rows.map(({ code }) => code);

describe('events that come', () => {
  it('twice, and again when the broker no longer remembers them, take effect once', async () => {
    const event = ready(1);
    for (let copy = 0; copy < 5; copy += 1) send(event);
    send(ready(2));
    await applied(2);
    send(event);
    send(ready(3));
    await applied(3);
    expect(Consumer.applied).toEqual([1, 2, 3]);
    expect(Consumer.delivered).toBe(8);
  });

  it('in another order than they were made are handed over as they come, each once', async () => {
    const [first, second, third] = [ready(11), ready(12), ready(13)];
    for (const event of [third, first, second, first, third]) send(event);
    await applied(12);
    send(ready(14));
    await applied(14);
    expect(Consumer.applied).toEqual([13, 11, 12, 14]);
  });

  it('a day late are taken like others', async () => {
    send({ ...ready(21), time: new Date(Date.now() - 24 * 60 * 60_000).toISOString() });
    await applied(21);
  });
});

describe('poison', () => {
  const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const inside = (data: string): string => JSON.stringify({ ...ready(30), data: '@' }).replace('"@"', () => data);

  it.each<[string, () => string, string]>([
    ['no JSON', () => '{"type":', 'EVENT_UNREADABLE'],
    ['bytes that are no text', () => '\u0000\uFFFD\u0001', 'EVENT_UNREADABLE'],
    ['no envelope', () => '[]', 'EVENT_INVALID'],
    ['a contract of version 99', () => JSON.stringify({ ...ready(30), dataschema: 'events/auth.token.ready.v99.schema.json' }), 'EVENT_UNKNOWN'],
    ['a hundred levels', () => inside(deep(100)), 'EVENT_INVALID'],
    ['fifty thousand levels', () => inside(deep(50_000)), 'EVENT_INVALID'],
    ['a contract that a prototype would fulfil', () => inside('{"__proto__":{"epoch":1}}'), 'EVENT_INVALID'],
  ])('(%s) is kept as a dead letter with its reason, and the event after it comes within a second', async (_what, poison, code) => {
    const before = (await letters()).length;
    const epoch = 100 + before;
    send(poison());
    const sentAt = performance.now();
    send(ready(epoch));
    await applied(epoch);
    expect(performance.now() - sentAt).toBeLessThan(1_000);
    expect((await letters()).slice(before)).toEqual([code]);
  });
});

describe('a message too large', () => {
  it('for the broker is refused before it is sent, and the connection goes on', async () => {
    const bus = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
    expect(() => bus.publish(subject, new Uint8Array(1024 * 1024 + 1))).toThrow(/payload/i);
    bus.publish(subject, JSON.stringify(ready(41)));
    await applied(41);
    expect(bus.isClosed()).toBe(false);
    await bus.close();
  });

  it('for an event (64 KiB) is refused with its transaction, before it can stop the outbox', async () => {
    const pool = ingest.get(SqlPool);
    const event = ready(42);
    const large = { ...event, data: { ...event.data, note: 'x'.repeat(64 * 1024) } };
    const added = pool.transaction((client) => ingest.get(Outbox).addWith(client, large));
    await expect(added).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
    expect((await pool.query('select 1 from outbox')).rowCount).toBe(0);
  });
});

it('hands a consumer that does not come back no more than it may hold, keeps the rest, and loses and doubles nothing', async () => {
  const held = Promise.withResolvers<void>();
  Consumer.hold = held.promise;
  const before = process.memoryUsage.rss();
  const events = Array.from({ length: 1_000 }, (_, index) => ready(1_001 + index));
  // An unknown member would be poison: the weight is in the headers.
  const weight = headers();
  weight.set('Padding', 'x'.repeat(20_000));
  for (const event of events) observer.publish(subject, JSON.stringify(event), { headers: weight });
  await observer.flush();
  const manager = await jetstreamManager(observer);
  const waiting = await until('the broker holds back', async () => {
    const info = await manager.consumers.info(eventStream, 'ingest_auth');
    return info.num_ack_pending + info.num_pending === 1_000 && info.num_ack_pending > 0 && info;
  });
  expect(waiting.num_ack_pending).toBeLessThanOrEqual(64);
  expect(Consumer.delivered).toBe(1);
  expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  Consumer.hold = undefined;
  held.resolve();
  await until('all are applied', () => Consumer.applied.length >= 1_000, 60_000);
  expect(Consumer.applied).toEqual(events.map(({ data }) => data.epoch));
}, 90_000);
