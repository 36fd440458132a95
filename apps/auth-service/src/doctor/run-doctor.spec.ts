import { connect, type NatsConnection } from '@nats-io/transport-node';
import { getConnection, probeOrg, runDoctor, type DoctorCheck, type DoctorFacts } from '@tributary/api-contracts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { assertionsOf, proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import { refreshesOf, type ConnectedPerson } from '../spec-support/connected.harness.ts';

let harness: AuthHarness;
let ingest: NatsConnection;
let person: ConnectedPerson;
const unseen = { looked: false as const, because: { code: 'API_DISABLED_FOR_ORG', text: 'The API is disabled for this org.' } };
const facts: DoctorFacts = { access: unseen, versions: unseen, limits: unseen, objects: unseen, permissions: unseen, organization: unseen, bulk: unseen, calls: 1 };

beforeAll(async () => {
  harness = await AuthHarness.start({ variables: { TRIBUTARY_EGRESS_ADDRESSES: '203.0.113.7, 203.0.113.8' } });
  // Answers with the rights of ingest-service, so that only what auth-service may ask arrives.
  ingest = await connect({ servers: `127.0.0.1:${harness.environment.nats.port}`, user: 'ingest', pass: 'ingest', inboxPrefix: '_INBOX_ingest' });
  ingest.subscribe(probeOrg.subject, { callback: (_error, message) => void message.respond(JSON.stringify({ reply: facts })) });
  await ingest.flush();
  person = await harness.connect();
});

afterEach(() => {
  Object.assign(harness.simulator.settings, { dateHeaderSkewMs: 0, appInstalled: true });
  harness.simulator.faults.clear();
});

afterAll(async () => {
  await ingest?.close();
  await harness?.stop();
});

const examine = () => harness.gateway.ask(runDoctor, { personId: person.personId, connectionId: person.connectionId });
const check = async (code: string): Promise<DoctorCheck | undefined> => (await examine()).checks.find((one) => one.code === code);

it('looks at Salesforce and asks ingest-service, without a refresh', async () => {
  harness.simulator.log.clear();
  const { checks, outcome } = await examine();
  expect(Object.fromEntries(checks.map(({ code, outcome: each }) => [code, each]))).toMatchObject({
    'login-host': 'ok', callback: 'ok', 'clock-skew': 'ok', 'app-installed': 'ok', scopes: 'ok', 'access-token': 'ok', 'refresh-token': 'ok', certificate: 'skipped', 'egress-address': 'ok', 'api-enabled': 'fail', 'five-grants': 'ok',
  });
  expect([outcome, refreshesOf(harness.simulator), harness.simulator.log.entries().every(({ method }) => method === 'GET')]).toEqual(['fail', [], true]);
  expect(checks.find(({ code }) => code === 'egress-address')?.evidence).toContain('203.0.113.7, 203.0.113.8');
});

it('names the change when the addresses became others', async () => {
  await harness.auth.pool.query("update egress_address set changed = true, listed_at = '2999-11-24T12:00:00Z' where address = '203.0.113.8'");
  expect(await check('egress-address')).toMatchObject({ outcome: 'ok', evidence: expect.stringContaining('203.0.113.7, 203.0.113.8, others until 2999-11-24 12:00 UTC') as string });
});

it('measures the clock', async () => {
  harness.simulator.settings.dateHeaderSkewMs = 90_000;
  expect(await check('clock-skew')).toMatchObject({ outcome: 'warn', cause: 'clock-skew', who: 'operator', evidence: expect.stringMatching(/^The clock of this installation is (8\d|9\d) seconds behind Salesforce's\.$/) });
});

it('sees whether the app is installed', async () => {
  harness.simulator.settings.appInstalled = false;
  expect(await check('app-installed')).toMatchObject({ outcome: 'warn', cause: 'app-not-installed', who: 'admin', link: expect.stringContaining('/lightning/setup/ConnectedAppsUsage/home') });
});

it('tells of a login host that does not answer, and still checks the rest', async () => {
  harness.simulator.faults.add({ match: { path: /openid-configuration$/ }, answer: { status: 503, body: '' } });
  const { checks } = await examine();
  expect(checks.find(({ code }) => code === 'login-host')).toMatchObject({ outcome: 'fail', cause: 'as-unavailable' });
  expect(checks.find(({ code }) => code === 'access-token')).toMatchObject({ outcome: 'ok' });
});

it('signs a real assertion: accepted where the certificate is at Salesforce, refused with the reason where it is not, and nothing is stored', async () => {
  await uploadNewCertificate(harness.gateway, harness.simulator, person.personId);
  harness.simulator.log.clear();
  expect(await check('certificate')).toMatchObject({ outcome: 'warn', cause: 'assertion-not-in-use', evidence: expect.stringMatching(/signed just now for the audience \S+ was accepted/) as string });
  expect([assertionsOf(harness.simulator), harness.simulator.log.entries().some(({ path }) => path.endsWith('/revoke'))]).toEqual([[200], false]);
  await proveFor(harness.gateway, person);
  expect(await check('certificate')).toMatchObject({ outcome: 'ok' });
  harness.simulator.app.setCertificates([]);
  const { ways } = await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
  expect(await check('certificate')).toMatchObject({ outcome: 'fail', cause: 'certificate-mismatch', who: 'admin', fix: expect.stringContaining('upload the certificate') });
  expect((await harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId })).ways).toEqual(ways);
});

it('counts the approvals of the Salesforce user', async () => {
  for (let consent = 0; consent < 4; consent += 1) person = await harness.connect();
  expect(await check('five-grants')).toMatchObject({ outcome: 'warn', evidence: expect.stringContaining('5 approvals') });
});

it('does not renew an access token that has ended just to look', async () => {
  harness.simulator.clock.advance(3 * 60 * 60_000);
  harness.simulator.log.clear();
  expect(await check('access-token')).toMatchObject({ outcome: 'warn', cause: 'token-expired', who: 'nobody' });
  expect(refreshesOf(harness.simulator)).toEqual([]);
});

it('is for who may see the connection', async () => {
  const other = await harness.connect(1);
  await expect(harness.gateway.ask(runDoctor, { personId: other.personId, connectionId: person.connectionId })).rejects.toMatchObject({ code: 'CONNECTION_NOT_FOUND' });
});
