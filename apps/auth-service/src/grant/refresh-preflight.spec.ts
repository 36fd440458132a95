import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnection } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { InstallationMark } from './installation-mark.ts';
import { RefreshGrant } from './refresh-grant.ts';

let harness: AuthHarness;
let admin: Client;
let person: ConnectedPerson;
/** A process of its own for each test: what another has proven within the last second is trusted. */
let auth: RunningAuth;

beforeAll(async () => {
  harness = await AuthHarness.start();
  admin = new Client({ connectionString: harness.environment.adminUrl });
  await admin.connect();
  person = await harness.connect();
});

afterAll(async () => {
  await admin?.end();
  await harness?.stop();
});

beforeEach(async () => {
  auth = await anAuthService(harness.environment, harness.simulator);
  // Its start has counted the mark on.
  auth.app.get(InstallationMark).distrust();
  harness.simulator.log.clear();
});

afterEach(() => auth.app.close());

const epochOf = async (): Promise<number> => (await harness.ingest.lease({ connectionId: person.connectionId })).epoch;
const refresh = (epoch: number): Promise<void> => auth.app.get(RefreshGrant).execute(person.connectionId, epoch);
const state = async (): Promise<string> => (await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).state;

/** A file lies where the escrow's folder has to be: to root, too, nothing can be written there. */
async function blockEscrow(): Promise<() => Promise<void>> {
  const folder = join(auth.dataFolder, 'escrow');
  await rm(folder, { recursive: true, force: true });
  await writeFile(folder, 'in the way');
  return () => rm(folder);
}

/** A folder lies where the mark has to be written. */
async function blockMark(): Promise<() => Promise<void>> {
  const file = join(auth.dataFolder, 'installation-mark.json');
  await rm(file);
  await mkdir(join(file, 'in the way'), { recursive: true });
  return () => rm(file, { recursive: true });
}

/** The database answers and takes no write, as a replica does, or one whose disk is full. */
async function makeReadOnly(): Promise<() => Promise<void>> {
  const { rows: [{ name } = { name: '' }] } = await admin.query<{ name: string }>('select current_database() as name');
  const renewSessions = async (readOnly: 'on' | 'off'): Promise<void> => {
    await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()', [name]);
    await until('all sessions are new', async () => (await auth.pool.query<{ set: string }>("select current_setting('transaction_read_only') as set")).rows[0]?.set === readOnly);
  };
  await admin.query(`alter database ${name} set default_transaction_read_only = on`);
  await renewSessions('on');
  return async () => {
    await admin.query(`alter database ${name} reset default_transaction_read_only`);
    await renewSessions('off');
  };
}

it.each([
  ['the escrow cannot be written', blockEscrow, 'ESCROW_NOT_WRITABLE'],
  ['the data folder cannot be written', blockMark, 'DISK_NOT_WRITABLE'],
  ['the database takes no write', makeReadOnly, 'DATABASE_NOT_WRITABLE'],
])('asks Salesforce for nothing while %s, and refreshes once it can', async (_what, block, code) => {
  const epoch = await epochOf();
  const mend = await block();
  try {
    await expect(refresh(epoch)).rejects.toMatchObject({ kind: 'unavailable', code, retryAfterMs: expect.any(Number) });
    expect(refreshesOf(harness.simulator)).toEqual([]);
    expect((await admin.query("select intent_epoch, lease_until from auth.oauth_grant where state = 'live'")).rows).toEqual([{ intent_epoch: null, lease_until: null }]);
  } finally {
    await mend();
  }
  await refresh(epoch);
  expect(refreshesOf(harness.simulator)).toEqual([200]);
  expect([await state(), await epochOf()]).toEqual(['active', epoch + 1]);
});
