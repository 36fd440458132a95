import { randomBytes } from 'node:crypto';
import { getConnection } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';

// Two processes are restarted one after the other; what the restarted one seals, the other has to open.

const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

let environment: ServiceEnvironment;
let simulator: Simulator;
let gateway: Asker;
let ingest: Asker;
let process: RunningAuth | undefined;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
});

afterEach(async () => {
  await process?.app.close();
  process = undefined;
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop()]);
  await simulator?.stop();
  await environment?.stop();
});

async function restartWith(masterKeys: string): Promise<RunningAuth> {
  await process?.app.close();
  process = await anAuthService(environment, simulator, { variables: { TRIBUTARY_MASTER_KEY: masterKeys } });
  return process;
}

/** Somebody connects at the process that was restarted; afterwards one that was not, or not yet, is there alone. */
async function connected(user: number, { sealing, opening }: { readonly sealing: string; readonly opening: string }): Promise<ConnectedPerson> {
  const person = await connectAs(await restartWith(sealing), simulator, gateway, { username: simulator.users[user]?.username ?? '' });
  await restartWith(opening);
  return person;
}

it.each([
  ['at first the new key is added behind the old one', `${oldKey},${newKey}`, oldKey],
  ['then it is put in front', `${newKey},${oldKey}`, `${oldKey},${newKey}`],
  ['at last the old one is taken away', newKey, `${newKey},${oldKey}`],
])('%s: a process that waits for its restart opens what a restarted one has sealed', async (_step, sealing, opening) => {
  const { connectionId } = await connected(0, { sealing, opening });
  const { epoch } = await ingest.lease({ connectionId });
  expect((await ingest.lease({ connectionId, rejectedEpoch: epoch })).epoch).toBe(epoch + 1);
});

it('put in front at once, the new key seals what a process that waits for its restart cannot open; it says so, and goes on once it knows the key', async () => {
  const { connectionId, personId } = await connected(1, { sealing: `${newKey},${oldKey}`, opening: oldKey });
  await expect(ingest.lease({ connectionId })).rejects.toMatchObject({ code: 'VAULT_UNREADABLE' });
  expect(await gateway.ask(getConnection, { personId, connectionId })).toMatchObject({ state: 'needs_admin', attention: { cause: 'vault-unreadable', who: 'operator' } });
  await restartWith(`${newKey},${oldKey}`);
  expect((await ingest.lease({ connectionId })).epoch).toBe(1);
});
