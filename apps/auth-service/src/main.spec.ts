import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnection } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, freePort, until, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Asker, authVariables } from './spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from './spec-support/connected.harness.ts';

const project = join(import.meta.dirname, '..');
const outDir = join('test-results', 'built');
let environment: ServiceEnvironment;
let simulator: Simulator;
let service: ChildProcess | undefined;
let origin: string;
let admin: Client;
let person: ConnectedPerson;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' }), build({ root: project, logLevel: 'error', build: { outDir } })]);
});

afterAll(async () => {
  service?.kill('SIGKILL');
  await simulator?.stop();
  await environment?.stop();
});

/** Runs the built service as a process of its own. */
async function run(more: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  return spawn(process.execPath, [join(project, outDir, 'main.js')], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], ...authVariables(environment, simulator), TRIBUTARY_SERVICE_PORT: String(port), ...more } });
}

async function started(): Promise<void> {
  service = await run();
  service.stdout?.resume();
  await until('the service is ready', async () => (await fetch(`${origin}/health/ready`)).status === 200, 60_000);
}

it('refuses to start without a master key in production, and says which variable is missing', async () => {
  const refused = await run({ NODE_ENV: 'production', TRIBUTARY_MASTER_KEY: '', SALESFORCE_EXTRA_ORIGINS: '', SALESFORCE_LOGIN_URL: 'https://login.salesforce.com' });
  let said = '';
  refused.stdout?.on('data', (text: Buffer) => (said += text.toString('utf8')));
  const [code] = (await once(refused, 'exit')) as [number | null];
  expect(code).toBe(1);
  expect(said).toContain('TRIBUTARY_MASTER_KEY');
}, 60_000);

it('killed between the answer of Salesforce and the commit, it has the new token after its restart', async () => {
  await started();
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  const [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  person = await connectAs({ origin }, simulator, gateway);
  const { epoch } = await ingest.lease(person);
  await admin.query("create function auth.refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is gone'; end $$");
  await admin.query('create trigger refuse before update of epoch on auth.oauth_grant for each row when (new.epoch > old.epoch) execute function auth.refuse()');
  ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch }).catch(() => undefined);
  await until('the answer is in the escrow', async () => (await readdir(join(environment.dataFolder, 'escrow'))).some((name) => name.endsWith('.sealed')), 20_000);
  service?.kill('SIGKILL');
  await admin.query('drop trigger refuse on auth.oauth_grant');

  await started();
  const lease = await ingest.lease({ connectionId: person.connectionId, rejectedEpoch: epoch });
  expect([lease.epoch, refreshesOf(simulator)]).toEqual([epoch + 1, [200]]);
  expect((await fetch(`${lease.instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${lease.accessToken}` } })).status).toBe(200);
  expect(await gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).toMatchObject({ state: 'active', attention: null });
  await Promise.all([gateway.stop(), ingest.stop()]);
}, 180_000);

it('stops in order when it is told to, and what it noted in its last second is written', async () => {
  const ingest = await Asker.as('ingest', environment);
  const askedAt = new Date();
  await ingest.lease({ connectionId: person.connectionId });
  const running = service;
  running?.kill('SIGTERM');
  if (running !== undefined && running.exitCode === null) await once(running, 'exit');
  expect([running?.exitCode, running?.signalCode]).toEqual([null, 'SIGTERM']);
  const { rows: [use] } = await admin.query<{ last_used_at: Date }>('select last_used_at from auth.way_use where connection_id = $1', [person.connectionId]);
  expect(use?.last_used_at.getTime()).toBeGreaterThanOrEqual(askedAt.getTime());
  await Promise.all([ingest.stop(), admin.end()]);
}, 30_000);
