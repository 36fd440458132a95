import { createHash } from 'node:crypto';
import { Secret } from '@tributary/failures';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AccessLease } from '../rest/session.ts';
import { rejectionOf } from '../spec-support/local-server.ts';
import type { ObservedPubSubCall } from './observed-call.ts';
import { PubSubClient, type ChangeBatch } from './pubsub-client.ts';
import { pubSubEndpoint } from './pubsub-endpoint.ts';

const topic = '/data/ChangeEvents';
let simulator: Simulator;
let client: PubSubClient;
let lease: AccessLease;
let end: AbortController;

function events() {
  if (simulator.changeEvents === undefined) throw new Error('no change events');
  return simulator.changeEvents;
}

function endpoint() {
  const found = pubSubEndpoint(events().endpoint, simulator.origins);
  if (found === undefined) throw new Error('no endpoint');
  return found;
}

async function signIn(): Promise<AccessLease> {
  const verifier = 'a-verifier-of-enough-length-0123456789-0123456789';
  const redirectUri = 'http://localhost:3000/connect/salesforce/callback';
  const query = new URLSearchParams({
    response_type: 'code', client_id: simulator.client.id, redirect_uri: redirectUri, scope: 'openid api refresh_token', state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  });
  const callback = new URL(await simulator.approve(`${simulator.loginOrigin}/services/oauth2/authorize?${query}`));
  const response = await fetch(`${simulator.loginOrigin}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: simulator.client.id, client_secret: simulator.client.secret, grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '', redirect_uri: redirectUri, code_verifier: verifier }),
  });
  const tokens = (await response.json()) as { access_token: string; instance_url: string };
  return { accessToken: Secret.of(tokens.access_token), instanceUrl: tokens.instance_url, epoch: 1 };
}

/** What comes until there are so many events; `opened` runs when the stream is. */
async function hear(count: number, after?: Buffer, opened: () => void = () => undefined): Promise<ChangeBatch[]> {
  const batches: ChangeBatch[] = [];
  for await (const batch of client.subscribe({ lease, orgId: simulator.orgId, topic, after, signal: end.signal, opened })) {
    batches.push(batch);
    if (idsOf(batches).length >= count) break;
  }
  return batches;
}

function idsOf(batches: readonly ChangeBatch[]): string[] {
  return batches.flatMap(({ events: some }) => some.flatMap(({ recordIds }) => recordIds));
}

function insert(count: number): string[] {
  return Array.from({ length: count }, (_, n) => simulator.org.insert('Account', { Name: `Account ${n}` }));
}

beforeAll(async () => {
  simulator = await startSimulator({ size: 'empty', changeEvents: true });
  client = new PubSubClient(endpoint());
  lease = await signIn();
});

beforeEach(() => {
  end = new AbortController();
});

afterEach(async () => {
  end.abort();
  await until('no subscriber', () => Promise.resolve(events().subscribers === 0));
});

afterAll(async () => {
  client.close();
  await simulator.stop();
});

it('tells of changes from the present on, and goes on after a replay id', async () => {
  insert(1);
  let made: string[] = [];
  const [batch] = await hear(1, undefined, () => { made = insert(1); });
  expect(batch).toMatchObject({ events: [{ object: 'Account', kind: 'CREATE', recordIds: made }], unreadable: 0 });
  const later = insert(2);
  expect(idsOf(await hear(2, batch?.replayId))).toEqual(later);
});

it('hears every event of a burst in order, a hundred at a time', async () => {
  let made: string[] = [];
  const batches = await hear(350, undefined, () => { made = insert(350); });
  expect(idsOf(batches)).toEqual(made);
  expect(Math.max(...batches.map(({ events: some }) => some.length))).toBeLessThanOrEqual(100);
});

it.each([
  ['a cut', () => events().cut(), 'reconnect'],
  ['a used-up allocation', () => { simulator.settings.changeEventsPerDay = 0; insert(1); }, 'wait-for-allocation'],
  ['the end of the session', () => simulator.clock.advance(24 * 60 * 60_000), 'renew-token'],
])('says after %s what to do next', async (_what, disturb, reaction) => {
  expect(await rejectionOf(hear(1, undefined, disturb))).toMatchObject({ code: 'PUBSUB_CALL_FAILED', reaction });
  simulator.settings.changeEventsPerDay = 25_000;
  lease = await signIn();
});

it('tells an observer of each call with its gRPC method: a stream with the events so far, a schema once, a refusal with its status', async () => {
  const seen: ObservedPubSubCall[] = [];
  const observed = (open?: PubSubClient) => (open ?? client).subscribe({ lease, orgId: simulator.orgId, topic, after: undefined, signal: end.signal, opened: () => void insert(3), onCall: (call) => seen.push(call) });
  const fresh = new PubSubClient(endpoint());
  for await (const { events: some } of observed(fresh)) if (some.length > 0) break;
  fresh.close();
  const last = [...new Map(seen.map((call) => [call.call, call])).values()].map(({ path, status, events: some }) => ({ path, status, events: some }));
  expect(last).toEqual([{ path: '/eventbus.v1.PubSub/Subscribe', status: 200, events: expect.any(Number) as number }, { path: '/eventbus.v1.PubSub/GetSchema', status: 200, events: undefined }]);
  expect(last[0]?.events).toBeGreaterThan(0);
  seen.length = 0;
  lease = { ...lease, accessToken: Secret.of('no token') };
  await rejectionOf(observed().next());
  lease = await signIn();
  expect(seen.map(({ status, events: some }) => [status, some])).toEqual([[401, 0]]);
  expect(JSON.stringify(seen)).not.toContain('no token');
});

it('begins anew when its replay id means nothing any more, and gives up where nothing is offered', async () => {
  const [batch] = await hear(1, undefined, () => insert(1));
  events().forgetReplayIds();
  expect(await rejectionOf(hear(1, batch?.replayId))).toMatchObject({ reaction: 'start-anew' });
  simulator.settings.changeEventsAllowed = false;
  expect(await rejectionOf(hear(1))).toMatchObject({ reaction: 'not-offered' });
  simulator.settings.changeEventsAllowed = true;
});

it('comes back to a stream that has said nothing for too long', async () => {
  const impatient = new PubSubClient(endpoint(), 200);
  const heard = impatient.subscribe({ lease, orgId: simulator.orgId, topic, after: undefined, signal: end.signal });
  expect(await rejectionOf(heard.next())).toMatchObject({ reaction: 'reconnect' });
  impatient.close();
});

it('ends when told to, with no word to anybody', async () => {
  const heard = client.subscribe({ lease, orgId: simulator.orgId, topic, after: undefined, signal: end.signal });
  const next = heard.next();
  await until('a subscriber', () => Promise.resolve(events().subscribers === 1));
  end.abort();
  expect(await rejectionOf(next)).toMatchObject({ name: 'AbortError' });
});

it('names its token to no error', async () => {
  events().refuseWith('UNAVAILABLE');
  const error = await rejectionOf(hear(1));
  events().refuseWith(undefined);
  expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(lease.accessToken.reveal());
});
