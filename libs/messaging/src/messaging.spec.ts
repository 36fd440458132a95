import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { getSyncRun, listConnections } from '@tributary/api-contracts';
import { ConnectionId, OrgId, PersonId, SyncRunId, tokenReady, WorkspaceId, type TokenReady } from '@tributary/event-contracts';
import { Defect, NotFound, Unavailable } from '@tributary/failures';
import { Inbox, Outbox, PersistenceModule, SqlPool } from '@tributary/persistence';
import { ServiceKitModule, startService } from '@tributary/service-kit';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LivePublisher, MessagingModule, OnEvent, OnRequest, Reconciler, RequestClient } from './index.ts';

const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
const workspaceId = WorkspaceId.parse('0199aa00-0000-7000-8000-00000000000b');
const orgId = OrgId.parse('00DXX0000001abcEAA');

/** Handles token-ready as ingest would: once per event, and as told for some epochs. */
@Controller()
class Consumer {
  static readonly seen: number[] = [];
  static failures = 0;

  constructor(private readonly inbox: Inbox) {}

  @OnEvent(tokenReady)
  async handle(@Payload() event: TokenReady): Promise<void> {
    if (event.data.epoch === 666) throw new NotFound('NOBODY', 'There is nothing to do this with.');
    if (event.data.epoch === 777 && Consumer.failures++ === 0) throw new Defect('BROKEN_ONCE', 'Broken once.', { retryAfterMs: 10 });
    await this.inbox.once('ingest_auth', event, async () => void Consumer.seen.push(event.data.epoch));
  }

  @OnRequest(getSyncRun)
  async run(): Promise<never> {
    throw new NotFound('SYNC_RUN_NOT_FOUND', 'There is no such run.', { action: 'Start one.' });
  }
}

let environment: ServiceEnvironment;
let auth: NestExpressApplication;
let ingest: NestExpressApplication;

async function aService(service: 'auth' | 'ingest', controllers: (new (...parameters: never[]) => object)[]): Promise<NestExpressApplication> {
  @Module({
    imports: [
      ServiceKitModule.forService(),
      await PersistenceModule.forService({ schema: service, url: environment.databaseUrl(service), ownerUrl: service === 'auth' ? environment.authOwnerUrl : undefined, entities: [], migrations: [] }),
      MessagingModule.forService({ service, natsUrl: environment.natsUrl(service) }),
    ],
    controllers,
  })
  class ServiceModule {}
  const { app } = await startService({ name: service, module: ServiceModule, host: '127.0.0.1', port: 0, logLevel: 'fatal' });
  return app;
}

async function publish(epoch: number): Promise<void> {
  await auth.get(SqlPool).transaction(async (client) => {
    await auth.get(Outbox).addWith(client, tokenReady.create({ connectionId, orgId, epoch, flow: 'refresh-token' }));
  });
}

function handled(epoch: number): Promise<true> {
  return until(`epoch ${epoch} handled`, () => Consumer.seen.includes(epoch) || undefined);
}

async function deadLetters(): Promise<{ code: string; payload: string }[]> {
  return (await ingest.get(SqlPool).query<{ code: string; payload: string }>('select code, payload from dead_letter order by id')).rows;
}

beforeAll(async () => {
  environment = await aServiceEnvironment();
  [auth, ingest] = await Promise.all([aService('auth', []), aService('ingest', [Consumer])]);
});

afterAll(async () => {
  await Promise.all([auth?.close(), ingest?.close()]);
  await environment?.stop();
});

it('carries an event from a committed outbox row to the consumer, once', async () => {
  await publish(1);
  await handled(1);
  expect(Consumer.seen.filter((epoch) => epoch === 1)).toHaveLength(1);
});

it('publishes nothing of a transaction that was rolled back', async () => {
  const rolledBack = auth.get(SqlPool).transaction(async (client) => {
    await auth.get(Outbox).addWith(client, tokenReady.create({ connectionId, orgId, epoch: 2, flow: 'refresh-token' }));
    throw new Error('changed my mind');
  });
  await expect(rolledBack).rejects.toThrow('changed my mind');
  await publish(3);
  await handled(3);
  expect(Consumer.seen).not.toContain(2);
});

it('delivers again after a defect and goes on', async () => {
  await publish(777);
  await handled(777);
  expect(Consumer.failures).toBe(2);
});

it('keeps what cannot be handled as a dead letter and lets the next event through', async () => {
  await publish(666);
  await publish(4);
  await handled(4);
  await until('a dead letter', async () => (await deadLetters()).some(({ code }) => code === 'NOBODY'));
});

it('keeps poison from the bus with its reason: no JSON, a broken contract, an unknown version', async () => {
  const observer: NatsConnection = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
  const subject = tokenReady.subject(connectionId);
  const valid = tokenReady.create({ connectionId, orgId, epoch: 5, flow: 'refresh-token' });
  observer.publish(subject, 'not json {');
  observer.publish(subject, JSON.stringify({ ...valid, data: { ...valid.data, accessToken: 'x' } }));
  observer.publish(subject, JSON.stringify({ ...valid, dataschema: 'events/auth.token.ready.v99.schema.json' }));
  await observer.flush();
  await publish(6);
  await handled(6);
  const codes = (await until('three dead letters', async () => { const letters = await deadLetters(); return letters.length >= 4 && letters; })).map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['EVENT_UNREADABLE', 'EVENT_INVALID', 'EVENT_UNKNOWN']));
  await observer.close();
});

it('applies every event once when the broker is killed and its store is erased', async () => {
  await publish(10);
  await handled(10);
  await environment.nats.kill();
  await environment.nats.eraseStore();
  await publish(11);
  await environment.nats.restart();
  await publish(12);
  await until('11 and 12 handled', () => (Consumer.seen.includes(11) && Consumer.seen.includes(12)) || undefined, 30_000);
  const { rows } = await auth.get(SqlPool).query<{ waiting: string }>('select count(*) as waiting from outbox where published_at is null');
  await until('everything published again', async () => (await auth.get(SqlPool).query('select 1 from outbox where published_at is null')).rowCount === 0);
  expect(rows).toHaveLength(1);
  await publish(13);
  await handled(13);
  expect(Consumer.seen.filter((epoch) => epoch === 1 || epoch === 10 || epoch === 11)).toEqual([1, 10, 11]);
}, 60_000);

it('carries a failure of the peer to the asker with code and action', async () => {
  const asked = gatewayClient().then((client) => client.ask(getSyncRun, { workspaceId, connectionId, runId: SyncRunId.parse(connectionId) }));
  await expect(asked).rejects.toMatchObject({ kind: 'not-found', code: 'SYNC_RUN_NOT_FOUND', action: 'Start one.' });
});

it('says that a service does not answer when nobody listens', async () => {
  const client = await gatewayClient();
  await expect(client.ask(listConnections, { personId: PersonId.parse(connectionId) })).rejects.toBeInstanceOf(Unavailable);
});

it('makes the stream again when it is missing', async () => {
  await auth.get(Reconciler).reconcile();
  expect(auth.get(Reconciler).streamEpoch()).toBeDefined();
  auth.get(LivePublisher).publish({ type: 'connection.changed', connectionId, state: 'active' });
});

let client: Promise<RequestClient> | undefined;
function gatewayClient(): Promise<RequestClient> {
  client ??= connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'gateway', pass: 'gateway', inboxPrefix: '_INBOX_gateway' }).then((connection) => new RequestClient(connection));
  return client;
}
