import { inspect } from 'node:util';
import type { LeaseClaims } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { CompactEncrypt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { askerKeys, PeerKeys, ServiceKeys, type AskerKeys } from './asker-keys.ts';
import { openLeaseReply, openLeasesReply } from './lease-reply.ts';
import { signLeaseRequest } from './lease-request.ts';

const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
const jti = '0199aa00-0000-4000-8000-000000000009';
let own: ServiceKeys;
let auth: ServiceKeys;
let keys: AskerKeys;

async function someKeys(): Promise<ServiceKeys> {
  const [sign, encrypt] = await Promise.all([generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }), generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true })]);
  return ServiceKeys.parse({ sign: await exportJWK(sign.privateKey), encrypt: await exportJWK(encrypt.privateKey) });
}

function publicPart({ d: _private, ...key }: JWK): JWK {
  return key;
}

/** A reply as auth-service makes it; parts may be wrong. */
async function aReply(wrong: { claims?: Partial<LeaseClaims> & Record<string, unknown>; issuer?: string; audience?: string; signWith?: JWK; enc?: string; exp?: number } = {}): Promise<string> {
  const claims = { connectionId, epoch: 3, issuedAt: '2026-11-25T12:00:00.000Z', flow: 'refresh-token', instanceUrl: 'https://acme.my.salesforce.com', apiVersion: null, accessToken: 'token', leaseUntil: '2026-11-25T12:15:00.000Z', ...wrong.claims };
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).setIssuer(wrong.issuer ?? 'auth-service').setAudience(wrong.audience ?? 'ingest-service').setJti(wrong.claims?.jti ?? jti)
    .setExpirationTime(wrong.exp ?? Math.floor(Date.now() / 1_000) + 60).sign(await importJWK(wrong.signWith ?? auth.sign, 'EdDSA'));
  return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: wrong.enc ?? 'A256GCM' }).encrypt(await importJWK(publicPart(own.encrypt), 'ECDH-ES+A256KW'));
}

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

beforeAll(async () => {
  [own, auth] = await Promise.all([someKeys(), someKeys()]);
  keys = askerKeys(own, PeerKeys.parse({ 'auth-service': { sign: publicPart(auth.sign), encrypt: publicPart(auth.encrypt) } })['auth-service']);
});

it('signs a request that says who asks whom, once and for 25 seconds', async () => {
  const request = signLeaseRequest({ connectionId, purpose: 'background', rejectedEpoch: 2 }, jti, keys.sign, new Date());
  expect(decodeProtectedHeader(request)).toEqual({ alg: 'EdDSA', typ: 'JWT' });
  const { payload } = await jwtVerify(request, await importJWK(publicPart(own.sign), 'EdDSA'), { issuer: 'ingest-service', audience: 'auth-service' });
  expect(payload).toMatchObject({ jti, connectionId, purpose: 'background', rejectedEpoch: 2 });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(25);
});

it('opens the reply that auth-service made for this question', async () => {
  expect(openLeaseReply(await aReply(), { jti, connectionId }, keys, new Date())).toMatchObject({ epoch: 3, accessToken: 'token' });
});

it.each<[string, () => Parameters<typeof aReply>[0]]>([
  ['another signer', () => ({ signWith: own.sign })],
  ['another issuer', () => ({ issuer: 'gateway' })],
  ['another audience', () => ({ audience: 'analytics-service' })],
  ['another question', () => ({ claims: { jti: '0199aa00-0000-4000-8000-00000000000a' } })],
  ['another connection', () => ({ claims: { connectionId: ConnectionId.parse('0199aa00-0000-7000-8000-000000000002') } })],
  ['another content encryption', () => ({ enc: 'A128GCM' })],
  ['a time long past', () => ({ exp: 1_700_000_000 })],
])('refuses a reply of %s and says nothing of its content', async (_what, wrong) => {
  const reply = await aReply(wrong());
  const refusal = failureOf(() => openLeaseReply(reply, { jti, connectionId }, keys, new Date()));
  expect(refusal).toMatchObject({ code: 'LEASE_REPLY_REFUSED', kind: 'defect' });
  expect(inspect(refusal, { depth: 9 })).not.toMatch(/accessToken|acme/);
});

describe('a reply to several questions', () => {
  const lent = (id: string, connection: string) => ({ jti: id, connectionId: ConnectionId.parse(connection), epoch: 3, issuedAt: '2026-11-25T12:00:00.000Z', flow: 'refresh-token', instanceUrl: 'https://acme.my.salesforce.com', apiVersion: null, accessToken: `token ${id}`, leaseUntil: '2026-11-25T12:15:00.000Z' });
  const first = { jti: '0199aa00-0000-4000-8000-000000000011', connectionId: '0199aa00-0000-7000-8000-000000000001' };
  const second = { jti: '0199aa00-0000-4000-8000-000000000012', connectionId: '0199aa00-0000-7000-8000-000000000002' };
  const read = (reply: string) => openLeasesReply(reply, jti, [first, second], keys, new Date());

  it('gives each question its token, and leaves out what must be asked for alone', async () => {
    const tokens = read(await aReply({ claims: { leases: [lent(second.jti, second.connectionId)] } }));
    expect([tokens.get(first.jti), tokens.get(second.jti)?.accessToken]).toEqual([undefined, `token ${second.jti}`]);
  });

  it.each<[string, () => Parameters<typeof aReply>[0]]>([
    ['a token nobody asked for', () => ({ claims: { leases: [lent('0199aa00-0000-4000-8000-000000000013', first.connectionId)] } })],
    ['the token of another connection', () => ({ claims: { leases: [lent(first.jti, second.connectionId)] } })],
    ['the answer to another request', () => ({ claims: { jti: first.jti, leases: [lent(first.jti, first.connectionId)] } })],
    ['one lease alone', () => ({})],
  ])('is refused with %s', async (_what, wrong) => {
    const reply = await aReply(wrong());
    expect(failureOf(() => read(reply))).toMatchObject({ code: 'LEASE_REPLY_REFUSED' });
  });
});
