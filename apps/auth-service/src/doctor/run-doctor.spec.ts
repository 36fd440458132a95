import { connect, type NatsConnection } from '@nats-io/transport-node';
import { probeOrg, runDoctor, type DoctorCheck, type DoctorFacts } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Asker, anAuthService, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { connectAs, refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: NatsConnection;
let person: ConnectedPerson;
const unseen = { looked: false as const, because: { code: 'API_DISABLED_FOR_ORG', text: 'The API is disabled for this org.' } };
const facts: DoctorFacts = { access: unseen, versions: unseen, limits: unseen, objects: unseen, permissions: unseen, organization: unseen, bulk: unseen, calls: 1 };

beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  auth = await anAuthService(environment, simulator, { variables: { TRIBUTARY_EGRESS_ADDRESSES: '203.0.113.7, 203.0.113.8' } });
  gateway = await Asker.as('gateway', environment);
  // Answers with the rights of ingest-service, so that only what auth-service may ask arrives.
  ingest = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'ingest', pass: 'ingest', inboxPrefix: '_INBOX_ingest' });
  ingest.subscribe(probeOrg.subject, { callback: (_error, message) => void message.respond(JSON.stringify({ reply: facts })) });
  await ingest.flush();
  person = await connectAs(auth, simulator, gateway);
});

afterEach(() => {
  Object.assign(simulator.settings, { dateHeaderSkewMs: 0, appInstalled: true });
  simulator.faults.clear();
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.close()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

const examine = () => gateway.ask(runDoctor, { personId: person.personId, connectionId: person.connectionId });
const check = async (code: string): Promise<DoctorCheck | undefined> => (await examine()).checks.find((one) => one.code === code);

it('looks at Salesforce and asks ingest-service, without a refresh', async () => {
  simulator.log.clear();
  const { checks, outcome } = await examine();
  expect(Object.fromEntries(checks.map(({ code, outcome: each }) => [code, each]))).toMatchObject({
    'login-host': 'ok', callback: 'ok', 'clock-skew': 'ok', 'app-installed': 'ok', scopes: 'ok', 'access-token': 'ok', 'refresh-token': 'ok', certificate: 'skipped', 'egress-address': 'ok', 'api-enabled': 'fail', 'five-grants': 'ok',
  });
  expect([outcome, refreshesOf(simulator), simulator.log.entries().every(({ method }) => method === 'GET')]).toEqual(['fail', [], true]);
  expect(checks.find(({ code }) => code === 'egress-address')?.evidence).toContain('203.0.113.7, 203.0.113.8');
});

it('measures the clock', async () => {
  simulator.settings.dateHeaderSkewMs = 90_000;
  expect(await check('clock-skew')).toMatchObject({ outcome: 'warn', cause: 'clock-skew', who: 'operator', evidence: expect.stringMatching(/^The clock of this installation is (8\d|9\d) seconds behind Salesforce's\.$/) });
});

it('sees whether the app is installed', async () => {
  simulator.settings.appInstalled = false;
  expect(await check('app-installed')).toMatchObject({ outcome: 'warn', cause: 'app-not-installed', who: 'admin', link: expect.stringContaining('/lightning/setup/ConnectedAppsUsage/home') });
});

it('tells of a login host that does not answer, and still checks the rest', async () => {
  simulator.faults.add({ match: { path: /openid-configuration$/ }, answer: { status: 503, body: '' } });
  const { checks } = await examine();
  expect(checks.find(({ code }) => code === 'login-host')).toMatchObject({ outcome: 'fail', cause: 'as-unavailable' });
  expect(checks.find(({ code }) => code === 'access-token')).toMatchObject({ outcome: 'ok' });
});

it('counts the approvals of the Salesforce user', async () => {
  for (let consent = 0; consent < 4; consent += 1) person = await connectAs(auth, simulator, gateway);
  expect(await check('five-grants')).toMatchObject({ outcome: 'warn', evidence: expect.stringContaining('5 approvals') });
});

it('does not renew an access token that has ended just to look', async () => {
  simulator.clock.advance(3 * 60 * 60_000);
  simulator.log.clear();
  expect(await check('access-token')).toMatchObject({ outcome: 'warn', cause: 'token-expired', who: 'nobody' });
  expect(refreshesOf(simulator)).toEqual([]);
});

it('is for who may see the connection', async () => {
  const other = await connectAs(auth, simulator, gateway, { username: simulator.users[1]?.username ?? '' });
  await expect(gateway.ask(runDoctor, { personId: other.personId, connectionId: person.connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
});
