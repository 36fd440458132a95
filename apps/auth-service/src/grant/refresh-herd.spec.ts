import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AuthProcess, buildEndedService } from '../spec-support/auth-processes.harness.ts';
import { Asker } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';

// TRIBUTARY_TEST_ROUNDS=1000 runs it in full.
const rounds = Number(process.env['TRIBUTARY_TEST_ROUNDS'] ?? 5);
const callers = 200;
const accessLifeMs = 2 * 60 * 60_000;

let environment: ServiceEnvironment;
let simulator: Simulator;
let services: AuthProcess[] = [];
let gateway: Asker;
let ingest: Asker;
let admin: Client;
let person: ConnectedPerson;

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' }), buildEndedService()]);
  const first = await AuthProcess.start(environment, simulator);
  services = [first, ...(await Promise.all([1, 2, 3].map(() => AuthProcess.start(environment, simulator))))];
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  admin = new Client({ connectionString: environment.adminUrl });
  await admin.connect();
  person = await connectAs(first, simulator, gateway);
}, 240_000);

afterAll(async () => {
  await Promise.all(services.map((service) => service.kill()));
  await Promise.all([gateway?.stop(), ingest?.stop(), admin?.end()]);
  await simulator?.stop();
  await environment?.stop();
});

it(`gives ${callers} callers in four processes one new token, with one refresh, each time the old one has ended`, async () => {
  const { connectionId } = person;
  let { epoch } = await ingest.lease({ connectionId });
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    simulator.clock.advance(accessLifeMs);
    simulator.log.clear();
    const startedAt = performance.now();
    const leases = await Promise.all(Array.from({ length: callers }, () => ingest.lease({ connectionId, rejectedEpoch: epoch })));
    tookMs.push(performance.now() - startedAt);
    expect(new Set(leases.map((lease) => `${lease.epoch} ${lease.accessToken}`)).size).toBe(1);
    expect([leases[0]?.epoch, refreshesOf(simulator)]).toEqual([epoch + 1, [200]]);
    epoch += 1;
  }
  const { rows } = await admin.query('select count(*)::int as reused from auth.presented_token group by token_hash having count(*) > 1');
  expect(rows).toEqual([]);
  const { accessToken, instanceUrl } = await ingest.lease({ connectionId });
  expect((await fetch(`${instanceUrl}/services/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(200);
  tookMs.sort((a, b) => a - b);
  process.stdout.write(`${rounds} rounds of ${callers} callers in 4 processes: ${rounds} refreshes, 0 reused tokens, 0 failed callers; a round took ${Math.round(tookMs[rounds >> 1] ?? 0)} ms (median), ${Math.round(tookMs.at(-1) ?? 0)} ms (longest)\n`);
}, 3_600_000);

it('is at least not always answered by the same process', async () => {
  const { rows } = await admin.query<{ instances: number }>('select count(*)::int as instances from auth.instance');
  expect(rows).toEqual([{ instances: 4 }]);
});
