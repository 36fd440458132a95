import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnection } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { RefreshGrant } from './refresh-grant.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let admin: Client;
let person: ConnectedPerson;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator);
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  person = await connectAs(auth, simulator, gateway);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop(), admin?.end()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

/** The database takes nothing of a refresh's answer, as if it had gone away after Salesforce had answered. */
async function refuseCommits(): Promise<void> {
  await admin.query(`create function auth.refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is gone'; end $$`);
  await admin.query('create trigger refuse before update of epoch on auth.oauth_grant for each row when (new.epoch > old.epoch) execute function auth.refuse()');
}

/** Half of a write: of a process that crashed long ago, or of one that is at it. */
async function leaveHalf(name: string, secondsAgo: number): Promise<void> {
  const file = join(auth.dataFolder, 'escrow', name);
  await writeFile(file, 'half');
  await utimes(file, Date.now() / 1_000, Date.now() / 1_000 - secondsAgo);
}

const escrowed = async (): Promise<string[]> => readdir(join(auth.dataFolder, 'escrow'));

it('brings back, after a crash, the token that Salesforce gave and the database never got', async () => {
  const { epoch } = await ingest.lease(person);
  simulator.log.clear();
  await refuseCommits();
  await expect(auth.app.get(RefreshGrant).execute(person.connectionId, epoch)).rejects.toMatchObject({ code: 'TOKEN_NOT_STORED', kind: 'unavailable' });
  const [file] = await escrowed();
  const sealed = await readFile(join(auth.dataFolder, 'escrow', file ?? ''), 'latin1');
  for (const token of simulator.tokens()) expect(sealed).not.toContain(token);
  const [grantId = ''] = file?.split('.') ?? [];
  await leaveHalf(`${grantId}.${epoch}.0199aa00-0000-7000-8000-0000000000aa.sealed.part`, 61);
  await leaveHalf('probe-0199aa00-0000-7000-8000-0000000000aa', 61);
  await leaveHalf(`${grantId}.${epoch}.0199aa00-0000-7000-8000-0000000000bb.sealed.part`, 30);
  await auth.app.close();
  await admin.query('drop trigger refuse on auth.oauth_grant');

  auth = await anAuthService(environment, simulator, { dataFolder: auth.dataFolder });
  expect(await escrowed()).toEqual([`${grantId}.${epoch}.0199aa00-0000-7000-8000-0000000000bb.sealed.part`]);
  const lease = await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch });
  expect(lease.epoch).toBe(epoch + 1);
  expect(refreshesOf(simulator)).toEqual([200]);
  const connection = await gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
  expect([connection.state, connection.timeline[0]?.kind]).toEqual(['active', 'recovered']);
  expect((await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch + 1 })).epoch).toBe(epoch + 2);
}, 40_000);
