import { inspect } from 'node:util';
import type { LeaseClaims } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { Secret, Unavailable } from '@tributary/failures';
import { CompactEncrypt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { openLeaseReply } from './lease-reply.ts';
import { signLeaseRequest } from './lease-request.ts';
import type { TokenLease } from './lease.client.ts';
import { PeerKeys, ServiceKeys } from './service-keys.ts';
import { sharedLease } from './shared-lease.ts';

const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
const jti = '0199aa00-0000-4000-8000-000000000009';
let own: ServiceKeys;
let auth: ServiceKeys;
let authPublic: PeerKeys['auth-service'];

async function someKeys(): Promise<ServiceKeys> {
  const [sign, encrypt] = await Promise.all([generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }), generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true })]);
  return ServiceKeys.parse({ sign: await exportJWK(sign.privateKey), encrypt: await exportJWK(encrypt.privateKey) });
}

function publicPart({ d: _private, ...key }: JWK): JWK {
  return key;
}

/** A reply as auth-service makes it; parts may be wrong. */
async function aReply(wrong: { claims?: Partial<LeaseClaims>; issuer?: string; audience?: string; signWith?: JWK; enc?: string; exp?: number } = {}): Promise<string> {
  const claims = { connectionId, epoch: 3, issuedAt: '2026-11-25T12:00:00.000Z', flow: 'refresh-token', instanceUrl: 'https://acme.my.salesforce.com', apiVersion: null, accessToken: 'token', leaseUntil: '2026-11-25T12:15:00.000Z', ...wrong.claims };
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA' }).setIssuer(wrong.issuer ?? 'auth-service').setAudience(wrong.audience ?? 'ingest-service').setJti(wrong.claims?.jti ?? jti)
    .setExpirationTime(wrong.exp ?? Math.floor(Date.now() / 1_000) + 60).sign(await importJWK(wrong.signWith ?? auth.sign, 'EdDSA'));
  return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: wrong.enc ?? 'A256GCM' }).encrypt(await importJWK(publicPart(own.encrypt), 'ECDH-ES+A256KW'));
}

beforeAll(async () => {
  [own, auth] = await Promise.all([someKeys(), someKeys()]);
  authPublic = PeerKeys.parse({ 'auth-service': { sign: publicPart(auth.sign), encrypt: publicPart(auth.encrypt) } })['auth-service'];
});

it('signs a request that says who asks whom, once and for 25 seconds', async () => {
  const request = await signLeaseRequest({ connectionId, purpose: 'background', rejectedEpoch: 2 }, jti, own, new Date());
  expect(decodeProtectedHeader(request)).toEqual({ alg: 'EdDSA' });
  const { payload } = await jwtVerify(request, await importJWK(publicPart(own.sign), 'EdDSA'), { issuer: 'ingest-service', audience: 'auth-service' });
  expect(payload).toMatchObject({ jti, connectionId, purpose: 'background', rejectedEpoch: 2 });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(25);
});

it('opens the reply that auth-service made for this question', async () => {
  expect(await openLeaseReply(await aReply(), { jti, connectionId }, own, authPublic)).toMatchObject({ epoch: 3, accessToken: 'token' });
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
  const refusal: unknown = await openLeaseReply(await aReply(wrong()), { jti, connectionId }, own, authPublic).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'LEASE_REPLY_REFUSED', kind: 'defect' });
  expect(inspect(refusal, { depth: 9 })).not.toMatch(/accessToken|acme/);
});

function aLease(epoch: number): TokenLease {
  return { accessToken: Secret.of('token'), instanceUrl: 'https://acme.my.salesforce.com', epoch, apiVersion: null, leaseUntil: new Date(Date.now() + 900_000) };
}

it('asks once for all who need a token, and once for all who met a 401', async () => {
  const asked: (number | undefined)[] = [];
  const source = sharedLease(async (rejected) => {
    asked.push(rejected);
    return aLease((rejected ?? 0) + 1);
  }, new AbortController().signal);
  await Promise.all([source(), source(), source()]);
  const renewed = await Promise.all([source(1), source(1), source(1)]);
  expect(asked).toEqual([undefined, 1]);
  expect(renewed.map(({ epoch }) => epoch)).toEqual([2, 2, 2]);
});

it('waits for an auth-service that does not answer, and asks again after a failure', async () => {
  let calls = 0;
  const source = sharedLease(async () => {
    calls += 1;
    if (calls === 1) throw new Unavailable('BUS_UNAVAILABLE', 'auth-service does not answer.', { retryAfterMs: 1 });
    return aLease(1);
  }, new AbortController().signal);
  expect(await source()).toMatchObject({ epoch: 1 });
  expect(calls).toBe(2);
});
