import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnection, listSigningKeys, makeSigningKey, readCertificate, type SigningKey } from '@tributary/api-contracts';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { Secret } from '@tributary/failures';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KeepJwtGrants } from '../jwt-grant/keep-jwt-grants.ts';
import { anAuthService, Asker, listenToBus, type RunningAuth } from '../spec-support/auth-service.harness.ts';
import { assertionsOf, proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import { connectAs, type ConnectedPerson } from '../spec-support/connected.harness.ts';
import { AgeSigningKeys } from './age-signing-keys.ts';
import { generateKeyPair } from './generate-key-pair.ts';
import { MakeSigningKey } from './make-signing-key.ts';

const dayMs = 24 * 60 * 60_000;

let environment: ServiceEnvironment;
let simulator: Simulator;
let auth: RunningAuth;
let gateway: Asker;
let ingest: Asker;
let bus: Awaited<ReturnType<typeof listenToBus>>;
let person: ConnectedPerson;
let now = new Date();

// One story of one app, told in order: each case begins where the one before has ended.
beforeAll(async () => {
  [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator({ size: 'empty' })]);
  bus = await listenToBus(environment);
  auth = await anAuthService(environment, simulator, { now: () => now });
  [gateway, ingest] = await Promise.all([Asker.as('gateway', environment), Asker.as('ingest', environment)]);
  person = await connectAs(auth, simulator, gateway);
});

afterAll(async () => {
  await Promise.all([gateway?.stop(), ingest?.stop(), bus?.stop()]);
  await auth?.app.close();
  await simulator?.stop();
  await environment?.stop();
});

const keys = async (): Promise<SigningKey[]> => (await gateway.ask(listSigningKeys, { personId: person.personId })).keys;
const states = async (): Promise<string[]> => (await keys()).map(({ state }) => state);
const shown = () => gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const lease = (rejectedEpoch?: number) => ingest.lease({ connectionId: person.connectionId, ...(rejectedEpoch === undefined ? {} : { rejectedEpoch }) });
const warnings = () => bus.events.filter(({ type }) => type === 'auth.signing-key.expiring').map(({ data }) => data);
const pemOf = async (keyId: string): Promise<string> => (await gateway.ask(readCertificate, { personId: person.personId, keyId })).pem;
const keptPrivately = async (): Promise<string[]> => (await auth.pool.query<{ owner_id: string }>("select owner_id from vault_entry where field = 'private_key'")).rows.map(({ owner_id }) => owner_id);
/** Lets the keys age as often as it takes: the scheduler of the service may hold the turn at that moment. */
const age = (what: string, done: () => boolean | Promise<boolean>): Promise<unknown> => until(what, async () => {
  await auth.app.get(AgeSigningKeys).execute();
  return done();
});

/** Every secret half of a key, in the forms it could appear in. */
function formsOf(pkcs8: string): string[] {
  const base64 = pkcs8.replace(/-----[A-Z ]+-----|\s/g, '');
  const bytes = Buffer.from(base64, 'base64');
  // From the middle on: what comes first is the public modulus.
  const half = bytes.subarray(Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 48);
  return [base64.slice(-200, -140), pkcs8.split('\n').at(-4) ?? '', half.toString('hex'), half.toString('base64').slice(0, 60), half.toString('base64url').slice(0, 60)];
}

async function everythingStored(): Promise<string> {
  const { rows: tables } = await auth.pool.query<{ name: string }>("select quote_ident(table_name) as name from information_schema.tables where table_schema = 'auth' and table_type = 'BASE TABLE'");
  const dumps = await Promise.all(tables.map(async ({ name }) => JSON.stringify((await auth.pool.query(`select t::text as row from ${name} t`)).rows)));
  const files = await readdir(auth.dataFolder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return [...dumps, ...texts, ...bus.raw, JSON.stringify(await keys()), JSON.stringify(await shown())].join('\n');
}

it('a foreign certificate is refused, says what does not fit, and nothing is stored', async () => {
  const [mine, other] = await Promise.all([generateKeyPair(2048, now), generateKeyPair(2048, now)]);
  const bring = (privateKey: string, certificate: string) => auth.app.get(MakeSigningKey).take(person.personId, Secret.of(privateKey), certificate);
  await expect(bring(mine.privateKey.reveal(), other.certificate)).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID', details: { problem: 'does-not-match' } });
  const old = await generateKeyPair(2048, new Date(now.getTime() - 400 * dayMs));
  await expect(bring(old.privateKey.reveal(), old.certificate)).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID', details: { problem: 'expired' } });
  expect([await keys(), await keptPrivately()]).toEqual([[], []]);
});

it('a key that was brought along works, and its private half is nowhere but in the vault', async () => {
  const pair = await generateKeyPair(2048, now);
  const key = await auth.app.get(MakeSigningKey).take(person.personId, pair.privateKey, pair.certificate);
  expect(key).toMatchObject({ state: 'offered', origin: 'imported' });
  await expect(auth.app.get(MakeSigningKey).take(person.personId, pair.privateKey, pair.certificate)).rejects.toMatchObject({ code: 'SIGNING_KEY_KNOWN' });
  simulator.app.setCertificates([pair.certificate]);
  expect(await proveFor(gateway, person)).toMatchObject({ proven: true });
  expect(await keptPrivately()).toEqual([key.id]);
  const stored = await everythingStored();
  // The scan finds what is there to be found.
  expect(stored).toContain(pair.certificate.split('\n')[3]);
  const forms = formsOf(pair.privateKey.reveal());
  expect(pair.privateKey.reveal().replaceAll('\n', '')).toContain(forms[0]);
  expect(forms.filter((form) => form.length < 40 || stored.includes(form))).toEqual([]);
});

it('a roll-over needs no pause: whichever certificate Salesforce holds, every caller gets a token', async () => {
  const [before] = await keys();
  const next = await gateway.ask(makeSigningKey, { personId: person.personId, request: { bits: 2048 } });
  const burst = async (): Promise<void> => {
    const { epoch } = await lease();
    const leases = await Promise.all(Array.from({ length: 20 }, () => lease(epoch)));
    expect(leases.every(({ flow }) => flow === 'jwt-bearer')).toBe(true);
  };
  await burst();
  expect(await states()).toEqual(['created', 'current']);
  const certificate = await pemOf(next.id);
  expect(await states()).toEqual(['offered', 'current']);
  await burst();

  simulator.app.setCertificates([certificate]);
  simulator.log.clear();
  await burst();
  // Signed with the current key first, once more with the offered one; from then on with that one.
  expect(assertionsOf(simulator)).toEqual([400, 200]);
  expect(await states()).toEqual(['current', 'retiring']);
  simulator.log.clear();
  await burst();
  expect(assertionsOf(simulator)).toEqual([200]);

  // The administrator puts the old certificate back: it still works, as the second try.
  simulator.app.setCertificates([await pemOf(before?.id ?? '')]);
  await burst();
  simulator.app.setCertificates([certificate]);
  await burst();
  expect((await shown()).ways[1]).toMatchObject({ state: 'live' });
  expect((await shown()).timeline.map(({ kind }) => kind)).toContain('signing-key-current');
});

it('a replaced key retires after seven days without use, and its private half is destroyed', async () => {
  const [current, retiring] = await keys();
  now = new Date(now.getTime() + 6 * dayMs);
  await auth.app.get(AgeSigningKeys).execute();
  expect(await states()).toEqual(['current', 'retiring']);
  now = new Date(now.getTime() + 2 * dayMs);
  await age('it is destroyed', async () => (await states())[1] === 'destroyed');
  expect(await keptPrivately()).toEqual([current?.id]);
  expect(await pemOf(retiring?.id ?? '')).toContain('BEGIN CERTIFICATE');
  expect((await shown()).timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['signing-key-retired', 'signing-key-destroyed']));
});

it('the end of the certificate is told at 60, 30, 14, 7, 3 and 1 days, once each, and its successor is made at 60', async () => {
  const [current] = await keys();
  const end = Date.parse(current?.notAfter ?? '');
  now = new Date(end - 61 * dayMs);
  await auth.app.get(AgeSigningKeys).execute();
  expect([warnings(), await states()]).toEqual([[], ['current', 'destroyed']]);
  for (const [index, days] of [60, 45, 30, 14, 7, 3, 2, 1].entries()) {
    now = new Date(end - days * dayMs);
    const told = [1, 1, 2, 3, 4, 5, 5, 6][index] ?? 0;
    await age(`${days} days are told`, () => warnings().length >= told);
    await auth.app.get(AgeSigningKeys).execute();
  }
  await until('all steps are published', () => warnings().length === 6);
  expect(warnings().map((data) => data['daysLeft'])).toEqual([60, 30, 14, 7, 3, 1]);
  expect(warnings()[0]).toMatchObject({ connectionId: person.connectionId, keyId: current?.id, fingerprint: current?.fingerprint, successorReady: true });
  expect(await states()).toEqual(['created', 'current', 'destroyed']);
});

it('after the end the consent carries on by itself, and the successor takes over as soon as it is uploaded', async () => {
  const [successor, current] = await keys();
  now = new Date(Date.parse(current?.notAfter ?? '') + 1_000);
  await age('it has expired', async () => (await states())[1] === 'expired');
  expect(await keptPrivately()).toEqual([successor?.id]);
  await until('the consent carries on', async () => {
    await auth.app.get(KeepJwtGrants).execute();
    return (await shown()).ways[1]?.state === 'dead';
  });
  expect(await shown()).toMatchObject({ state: 'active', attention: { cause: 'certificate-expired' }, ways: [{ state: 'live' }, { state: 'dead', endedBecause: 'certificate-expired' }] });
  expect((await lease()).flow).not.toBe('jwt-bearer');
  expect(await proveFor(gateway, person)).toMatchObject({ proven: false, cause: 'no-signing-key', steps: expect.arrayContaining([expect.stringContaining('Download the certificate')]) });
  simulator.app.setCertificates([await pemOf(successor?.id ?? '')]);
  expect(await proveFor(gateway, person)).toMatchObject({ proven: true });
  expect((await lease()).flow).toBe('jwt-bearer');
  expect(await states()).toEqual(['current', 'expired', 'destroyed']);
});

it('not more than three certificates wait for their upload', async () => {
  for (let made = 0; made < 3; made += 1) await gateway.ask(makeSigningKey, { personId: person.personId, request: { bits: 2048 } });
  await expect(uploadNewCertificate(gateway, simulator, person.personId)).rejects.toMatchObject({ code: 'SIGNING_KEYS_WAITING', kind: 'conflict' });
});
