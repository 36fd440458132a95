import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnection, listSigningKeys, makeSigningKey, offerSigningKey, readAudit, readCertificate, type SigningKey } from '@tributary/api-contracts';
import { Secret } from '@tributary/failures';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeepJwtGrants } from '../jwt-grant/keep-jwt-grants.ts';
import { AuthHarness } from '../spec-support/auth.harness.ts';
import { assertionsOf, proveFor, uploadNewCertificate } from '../spec-support/certificate.harness.ts';
import type { ConnectedPerson } from '../spec-support/connected.harness.ts';
import { unfitPairs } from '../spec-support/unfit-pairs.harness.ts';
import { AgeSigningKeys } from './age-signing-keys.ts';
import { generateKeyPair } from './generate-key-pair.ts';
import type { KeyPair } from './key-pair.ts';
import { MakeSigningKey } from './make-signing-key.ts';

const dayMs = 24 * 60 * 60_000;

let harness: AuthHarness;
let person: ConnectedPerson;
let now = new Date();

// One story of one app, told in order: each case begins where the one before has ended.
beforeAll(async () => {
  harness = await AuthHarness.start({ now: () => now });
  person = await harness.connect();
});

afterAll(() => harness?.stop());

const keys = async (): Promise<SigningKey[]> => (await harness.gateway.ask(listSigningKeys, { personId: person.personId })).keys;
const states = async (): Promise<string[]> => (await keys()).map(({ state }) => state);
const shown = () => harness.gateway.ask(getConnection, { personId: person.personId, connectionId: person.connectionId });
const lease = (rejectedEpoch?: number) => harness.ingest.lease({ connectionId: person.connectionId, ...(rejectedEpoch === undefined ? {} : { rejectedEpoch }) });
const audited = async (kind: string) => (await harness.gateway.ask(readAudit, { personId: person.personId })).records.filter((entry) => entry.kind === kind);
const warnings = () => harness.bus.events.filter(({ type }) => type === 'auth.signing-key.expiring').map(({ data }) => data);
const pemOf = async (keyId: string): Promise<string> => (await harness.gateway.ask(readCertificate, { personId: person.personId, keyId })).pem;
const keptPrivately = async (): Promise<string[]> => (await harness.auth.pool.query<{ owner_id: string }>("select owner_id from vault_entry where field = 'private_key'")).rows.map(({ owner_id }) => owner_id);
/** Lets the keys age as often as it takes: the scheduler of the service may hold the turn at that moment. */
const age = (what: string, done: () => boolean | Promise<boolean>): Promise<unknown> => until(what, async () => {
  await harness.auth.app.get(AgeSigningKeys).execute();
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
  const { rows: tables } = await harness.auth.pool.query<{ name: string }>("select quote_ident(table_name) as name from information_schema.tables where table_schema = 'auth' and table_type = 'BASE TABLE'");
  const dumps = await Promise.all(tables.map(async ({ name }) => JSON.stringify((await harness.auth.pool.query(`select t::text as row from ${name} t`)).rows)));
  const files = await readdir(harness.auth.dataFolder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return [...dumps, ...texts, ...harness.bus.raw, JSON.stringify(await keys()), JSON.stringify(await shown())].join('\n');
}

describe('a pair that was brought along and does not fit', () => {
  let pairs: { ours: KeyPair; other: KeyPair };
  beforeAll(async () => {
    const [ours, other] = await Promise.all([generateKeyPair(2048, now), generateKeyPair(2048, now)]);
    pairs = { ours, other };
  });

  it.each(unfitPairs(() => pairs))('is refused with $what, says so, and nothing is stored', async ({ problem, says, pair, afterDays = 0 }) => {
    const [key, certificate] = pair();
    const today = now;
    now = new Date(today.getTime() + afterDays * dayMs);
    const brought = harness.auth.app.get(MakeSigningKey).take(person.personId, Secret.of(key), certificate);
    await expect(brought).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID', message: says, details: { problem }, action: expect.stringContaining('matching pair') });
    now = today;
    expect([await keys(), await keptPrivately()]).toEqual([[], []]);
  });
});

it('a key that was brought along works, and its private half is nowhere but in the vault', async () => {
  const pair = await generateKeyPair(2048, now);
  const key = await harness.auth.app.get(MakeSigningKey).take(person.personId, pair.privateKey, pair.certificate);
  expect(key).toMatchObject({ state: 'offered', origin: 'imported' });
  await expect(harness.auth.app.get(MakeSigningKey).take(person.personId, pair.privateKey, pair.certificate)).rejects.toMatchObject({ code: 'SIGNING_KEY_KNOWN' });
  harness.simulator.app.setCertificates([pair.certificate]);
  expect(await proveFor(harness.gateway, person)).toMatchObject({ proven: true });
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
  const next = await harness.gateway.ask(makeSigningKey, { personId: person.personId, request: { bits: 2048 } });
  const burst = async (): Promise<void> => {
    const { epoch } = await lease();
    const leases = await Promise.all(Array.from({ length: 20 }, () => lease(epoch)));
    expect(leases.every(({ flow }) => flow === 'jwt-bearer')).toBe(true);
  };
  await burst();
  expect(await states()).toEqual(['created', 'current']);
  const certificate = await pemOf(next.id);
  expect([await states(), await audited('signing-key-offered')]).toEqual([['created', 'current'], []]);
  expect(await harness.gateway.ask(offerSigningKey, { personId: person.personId, keyId: next.id })).toMatchObject({ id: next.id, state: 'offered' });
  expect(await states()).toEqual(['offered', 'current']);
  expect(await audited('signing-key-offered')).toMatchObject([{ text: expect.stringContaining('took the certificate of a signing key along'), cause: next.fingerprint, person: (await shown()).owner.name }]);
  await burst();

  harness.simulator.app.setCertificates([certificate]);
  harness.simulator.log.clear();
  await burst();
  // Signed with the current key first, once more with the offered one; from then on with that one.
  expect(assertionsOf(harness.simulator)).toEqual([400, 200]);
  expect(await states()).toEqual(['current', 'retiring']);
  harness.simulator.log.clear();
  await burst();
  expect(assertionsOf(harness.simulator)).toEqual([200]);

  // The administrator puts the old certificate back: it still works, as the second try.
  harness.simulator.app.setCertificates([await pemOf(before?.id ?? '')]);
  await burst();
  harness.simulator.app.setCertificates([certificate]);
  await burst();
  expect((await shown()).ways[1]).toMatchObject({ state: 'live' });
  expect((await shown()).timeline.map(({ kind }) => kind)).toContain('signing-key-current');
});

it('a replaced key retires after seven days without use, and its private half is destroyed', async () => {
  const [current, retiring] = await keys();
  now = new Date(now.getTime() + 6 * dayMs);
  await harness.auth.app.get(AgeSigningKeys).execute();
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
  await harness.auth.app.get(AgeSigningKeys).execute();
  expect([warnings(), await states()]).toEqual([[], ['current', 'destroyed']]);
  for (const [index, days] of [60, 45, 30, 14, 7, 3, 2, 1].entries()) {
    now = new Date(end - days * dayMs);
    const told = [1, 1, 2, 3, 4, 5, 5, 6][index] ?? 0;
    await age(`${days} days are told`, () => warnings().length >= told);
    await harness.auth.app.get(AgeSigningKeys).execute();
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
    await harness.auth.app.get(KeepJwtGrants).execute();
    return (await shown()).ways[1]?.state === 'dead';
  });
  expect(await shown()).toMatchObject({ state: 'active', attention: { cause: 'certificate-expired' }, ways: [{ state: 'live' }, { state: 'dead', endedBecause: 'certificate-expired' }] });
  expect((await lease()).flow).not.toBe('jwt-bearer');
  expect(await proveFor(harness.gateway, person)).toMatchObject({ proven: false, cause: 'certificate-mismatch', steps: expect.arrayContaining([expect.stringContaining('Download the certificate')]) });
  // Nobody said that they take the successor there: reading its certificate is enough.
  harness.simulator.app.setCertificates([await pemOf(successor?.id ?? '')]);
  expect(await proveFor(harness.gateway, person)).toMatchObject({ proven: true });
  expect((await lease()).flow).toBe('jwt-bearer');
  expect(await states()).toEqual(['current', 'expired', 'destroyed']);
});

it('not more than three certificates wait for their upload', async () => {
  for (let made = 0; made < 3; made += 1) await harness.gateway.ask(makeSigningKey, { personId: person.personId, request: { bits: 2048 } });
  await expect(uploadNewCertificate(harness.gateway, harness.simulator, person.personId)).rejects.toMatchObject({ code: 'SIGNING_KEYS_WAITING', kind: 'conflict' });
});
