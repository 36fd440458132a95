import { ConnectionCalls } from '@tributary/api-contracts';
import { NotFound, Unavailable } from '@tributary/failures';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectionId, TestedGateway } from '../spec-support/gateway.harness.ts';

let gateway: TestedGateway;
let owner: string;

beforeAll(async () => {
  gateway = await TestedGateway.start();
  owner = await gateway.signIn('owner');
});

afterAll(async () => gateway?.stop());

afterEach(() => {
  gateway.trouble.clear();
  gateway.isShared = false;
});

function away(...services: ('auth' | 'ingest')[]): void {
  for (const service of services) gateway.trouble.set(service, new Unavailable('BUS_UNAVAILABLE', `${service}-service does not answer at the moment.`));
}

const ask = (cookie: string) => gateway.get(`/api/connections/${connectionId}/calls`, { cookie });

async function shown(cookie = owner): Promise<unknown> {
  const { calls, missing } = ConnectionCalls.parse(await (await ask(cookie)).json());
  return [calls.map(({ purpose }) => purpose), missing.map(({ part, code, text }) => `${part} ${code}: ${text}`)];
}

it('gives the calls of both services as one list, newest first, of which nothing is missing', async () => {
  expect(await shown()).toEqual([['token-refresh', 'query'], []]);
});

it('gives the calls of the access while ingest-service is away, and says what is missing and why', async () => {
  away('ingest');
  expect(await shown()).toEqual([['token-refresh'], ['data BUS_UNAVAILABLE: ingest-service does not answer at the moment.']]);
});

it('gives the calls for data while auth-service is away to who could see the connection just before', async () => {
  await shown();
  away('auth');
  expect(await shown()).toEqual([['query'], ['access BUS_UNAVAILABLE: auth-service does not answer at the moment.']]);
});

it('gives nothing while auth-service is away to whom it has not told that they may see the connection, nor once the sharing was changed', async () => {
  const viewer = await gateway.signIn('viewer');
  away('auth');
  expect((await ask(viewer)).status).toBe(503);
  gateway.trouble.clear();
  gateway.isShared = true;
  expect((await ask(viewer)).status).toBe(200);
  await gateway.send('put', `/api/connections/${connectionId}/sharing`, { cookie: owner, body: { visibility: 'private' } });
  away('auth');
  expect((await ask(viewer)).status).toBe(503);
});

it('is unavailable as a whole only when both services are', async () => {
  await shown();
  away('auth', 'ingest');
  expect((await ask(owner)).status).toBe(503);
});

it('does not take a refusal for a service that is away', async () => {
  gateway.trouble.set('ingest', new NotFound('CONNECTION_UNKNOWN', 'Nothing is known of this connection.'));
  expect((await ask(owner)).status).toBe(404);
});
