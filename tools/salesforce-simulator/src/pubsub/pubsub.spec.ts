import { credentials, loadPackageDefinition, Metadata, type Client, type ClientDuplexStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../index.ts';
import { signIn } from '../testing/person.ts';
import type { FetchRequest, FetchResponse } from './wire.ts';

interface Stub extends Client {
  Subscribe(metadata: Metadata): ClientDuplexStream<Partial<FetchRequest>, FetchResponse>;
  GetTopic(request: { topicName: string }, metadata: Metadata, answered: (error: Error | null, reply: { canSubscribe: boolean; schemaId: string }) => void): void;
  GetSchema(request: { schemaId: string }, metadata: Metadata, answered: (error: Error | null, reply: { schemaJson: string }) => void): void;
}

const hourMs = 60 * 60_000;
let simulator: Simulator;
let stub: Stub;
let metadata: Metadata;

function events() {
  if (simulator.changeEvents === undefined) throw new Error('no change events');
  return simulator.changeEvents;
}

function touch(times: number): void {
  const id = String(simulator.org.rows('Account')[0]?.['Id']);
  for (let n = 0; n < times; n += 1) simulator.org.update('Account', id, { Name: `Name ${Math.random()}` });
}

/** What a subscription gets until `enough` says so, or its error. */
async function hear(first: Partial<FetchRequest>, enough: (got: FetchResponse[]) => boolean, opened: () => void = () => undefined): Promise<FetchResponse[]> {
  const stream = stub.Subscribe(metadata);
  const got: FetchResponse[] = [];
  return new Promise((resolve, reject) => {
    stream.on('error', (error) => (enough(got) ? resolve(got) : reject(error)));
    stream.on('metadata', opened);
    stream.on('data', (response: FetchResponse) => {
      got.push(response);
      if (!enough(got)) return;
      resolve(got);
      stream.cancel();
    });
    stream.write({ topicName: '/data/ChangeEvents', replayPreset: 'LATEST', numRequested: 10, ...first });
  });
}

const count = (got: readonly FetchResponse[]): number => got.reduce((sum, { events: some }) => sum + some.length, 0);

beforeAll(async () => {
  simulator = await startSimulator({ size: 'small', changeEvents: true, now: new Date('2026-06-01T00:00:00Z') });
  const { access_token: token, instance_url: instance } = await signIn(simulator);
  const loaded = loadPackageDefinition(loadSync(join(import.meta.dirname, 'pubsub-api.proto'), { longs: String, enums: String, defaults: true })) as unknown as { eventbus: { v1: { PubSub: new (...parameters: ConstructorParameters<typeof Client>) => Stub } } };
  stub = new loaded.eventbus.v1.PubSub(events().endpoint, credentials.createInsecure());
  metadata = new Metadata();
  for (const [name, value] of Object.entries({ accesstoken: token, instanceurl: instance, tenantid: simulator.orgId })) metadata.set(name, value);
});

afterAll(async () => {
  stub.close();
  await simulator.stop();
});

it('tells of a topic and its schema', async () => {
  const topic = await new Promise<{ canSubscribe: boolean; schemaId: string }>((resolve, reject) => stub.GetTopic({ topicName: '/data/AccountChangeEvent' }, metadata, (error, reply) => (error === null ? resolve(reply) : reject(error))));
  expect(topic.canSubscribe).toBe(true);
  const { schemaJson } = await new Promise<{ schemaJson: string }>((resolve, reject) => stub.GetSchema({ schemaId: topic.schemaId }, metadata, (error, reply) => (error === null ? resolve(reply) : reject(error))));
  expect(JSON.parse(schemaJson)).toMatchObject({ name: 'AccountChangeEvent', namespace: 'com.sforce.eventbus' });
});

it('sends as many events as were asked for and no more', async () => {
  const got = await hear({ numRequested: 3 }, (some) => count(some) >= 3, () => touch(5));
  expect(count(got)).toBe(3);
  expect(got.at(-1)?.pendingNumRequested).toBe(0);
});

it('goes on after a replay id, and refuses one of more than 72 hours ago', async () => {
  const [first] = await hear({ numRequested: 1 }, (some) => count(some) === 1, () => touch(3));
  const after = { replayPreset: 'CUSTOM' as const, replayId: first?.latestReplayId ?? Buffer.alloc(0) };
  expect(count(await hear(after, (some) => count(some) >= 2))).toBe(2);
  simulator.clock.advance(73 * hourMs);
  const { access_token: token } = await signIn(simulator);
  metadata.set('accesstoken', token);
  touch(1);
  await expect(hear(after, (some) => count(some) > 0)).rejects.toMatchObject({ code: 3 });
});

it('says that it lives when there is nothing to tell', async () => {
  simulator.settings.changeEventKeepAliveMs = 50;
  const [alive] = await hear({}, (some) => some.length > 0);
  expect(alive?.events).toEqual([]);
  expect(alive?.latestReplayId.length).toBeGreaterThan(0);
});

it('refuses a token that is none', async () => {
  metadata.set('accesstoken', 'nonsense');
  await expect(hear({}, () => false)).rejects.toMatchObject({ code: 16 });
});
