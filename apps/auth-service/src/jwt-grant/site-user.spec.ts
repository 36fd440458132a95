import { connectByJwt, getConnection, listConnections, runDoctor, type ServiceConnectionRequest } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';

// The site lies at an address the installation may call, and a server listens there: only that nobody wants to keeps it from being called.

let harness: AuthHarness;
let person: ConnectedPerson;
let site: string;
let buyer: string;

beforeAll(async () => {
  harness = await AuthHarness.start();
  person = await harness.connect();
  await uploadNewCertificate(harness.gateway, harness.simulator, person.personId);
  site = `${harness.simulator.testOrigin}/customers`;
  buyer = harness.simulator.users[3]?.username ?? '';
});

afterAll(() => harness?.stop());

beforeEach(() => {
  Object.assign(harness.simulator.settings, { preauthorisedUsers: [buyer, colleague()], siteUsers: [{ username: buyer, site }] });
  harness.simulator.log.clear();
});

const colleague = () => harness.simulator.users[4]?.username ?? '';
const connect = (request: ServiceConnectionRequest) => harness.gateway.ask(connectByJwt, { personId: person.personId, request });
const connections = async () => (await harness.gateway.ask(listConnections, { personId: person.personId })).connections.length;

describe('a user of an Experience Cloud site', () => {
  it('is connected with the site as audience, and the site is named again at each renewal and never called', async () => {
    const answer = await connect({ username: buyer, site: `${site}/` });
    expect(answer).toMatchObject({ proof: { proven: true, tries: [{ host: new URL(harness.simulator.loginOrigin).host, audience: site, outcome: 'ok' }] } });
    const connectionId = ConnectionId.parse(answer.connectionId);
    expect(await harness.gateway.ask(getConnection, { personId: person.personId, connectionId })).toMatchObject({ site });
    const first = await harness.ingest.lease({ connectionId });
    const renewed = await harness.ingest.lease({ connectionId, rejectedEpoch: first.epoch });
    expect(renewed).toMatchObject({ flow: 'jwt-bearer', epoch: first.epoch + 1 });
    const proof = await proveFor(harness.gateway, { personId: person.personId, connectionId });
    expect(proof).toMatchObject({ proven: true, tries: [{ audience: site }] });
    const { checks } = await harness.gateway.ask(runDoctor, { personId: person.personId, connectionId });
    expect(checks.find(({ code }) => code === 'certificate')).toMatchObject({ outcome: 'ok', evidence: expect.stringContaining(`for the audience ${site} was accepted`) });
    expect(harness.simulator.log.entries().filter(({ host }) => host === 'test')).toEqual([]);
  });

  it('whose site moved is told apart from other wrong addresses, and comes back with the new one', async () => {
    const connectionId = ConnectionId.parse((await connect({ username: buyer, site })).connectionId);
    const { epoch } = await harness.ingest.lease({ connectionId });
    const moved = 'https://northwind.my.site.com/customers';
    Object.assign(harness.simulator.settings, { siteUsers: [{ username: buyer, site: moved }] });
    await expect(harness.ingest.lease({ connectionId, rejectedEpoch: epoch })).rejects.toThrow();
    expect(await harness.gateway.ask(getConnection, { personId: person.personId, connectionId })).toMatchObject({ state: 'needs_admin', attention: { cause: 'wrong-site' } });
    expect(await connect({ username: buyer, site: moved })).toMatchObject({ connectionId, proof: { proven: true, tries: [{ audience: moved }] } });
    expect(await harness.ingest.lease({ connectionId })).toMatchObject({ flow: 'jwt-bearer', epoch: epoch + 1 });
    expect(await harness.gateway.ask(getConnection, { personId: person.personId, connectionId })).toMatchObject({ state: 'active', attention: null });
  });
});

describe('a site that does not fit', () => {
  it.each<[string, () => ServiceConnectionRequest, string, string]>([
    ['of a user of another site', () => ({ username: buyer, site: 'https://northwind.my.site.com/partners' }), 'wrong-site', 'Digital Experiences'],
    ['of a user of the org itself', () => ({ username: colleague(), site }), 'wrong-site', 'leave the site out'],
    ['because none is given', () => ({ username: buyer }), 'wrong-audience', 'the address of that site'],
  ])('%s is named with what to do, at every host, and nothing is stored', async (_whose, request, cause, step) => {
    const before = await connections();
    const { connectionId, proof } = await connect(request());
    expect(connectionId).toBeNull();
    expect(proof).toMatchObject({ proven: false, cause, who: 'operator' });
    expect(proof.steps.join(' ')).toContain(step);
    expect([await connections(), harness.simulator.log.entries().filter(({ host }) => host === 'test')]).toEqual([before, []]);
  });

  it.each(['https://evil.example/customers', 'https://acme.my.site.com.evil.example', 'https://user@acme.my.site.com', 'https://acme.my.site.com/a/b', 'http://acme.my.site.com', 'https://acme.my.salesforce.com', ''])('because %j is no site is refused before anything is signed', async (address) => {
    await expect(connect({ username: buyer, site: address })).rejects.toMatchObject({ code: 'SITE_NOT_ALLOWED', kind: 'invalid-input' });
    expect(harness.simulator.log.entries()).toEqual([]);
  });
});
