import { ConnectionId, PersonId, WorkspaceId } from '@tributary/event-contracts';
import { z } from 'zod';
import { ConnectionCore, Disconnected } from '../http/connection.ts';
import { Role } from '../http/people.ts';
import { SignInProof, untoldProof } from '../http/sign-in-proof.ts';
import { defineRequest } from './define-request.ts';

const personAndConnection = z.strictObject({ personId: PersonId, connectionId: ConnectionId });

/** Who signed in; the answer to a one-time ticket that a finished consent left in the callback's response. */
export const SignedInPerson = z.strictObject({
  personId: PersonId,
  workspaceId: WorkspaceId,
  workspaceName: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: Role,
  /** When the provider last asked the person to prove who they are. */
  authenticatedAt: z.iso.datetime(),
  /** How, as far as the provider told. */
  proof: SignInProof.default(untoldProof),
  /** Null after a sign-in without a connection. */
  connectionId: ConnectionId.nullable(),
});
export type SignedInPerson = z.infer<typeof SignedInPerson>;

/** Single use, 60 seconds. @throws Unauthenticated `TICKET_INVALID` */
export const redeemSignIn = defineRequest('auth', 'sign-in.redeem', z.strictObject({ ticket: z.string().min(20).max(200) }), SignedInPerson);

/** Connections of a person, newest first. */
export const listConnections = defineRequest('auth', 'connection.list', z.strictObject({ personId: PersonId }), z.object({ connections: z.array(ConnectionCore) }));

/** @throws NotFound `CONNECTION_NOT_FOUND` also when it belongs to somebody else */
export const getConnection = defineRequest('auth', 'connection.get', personAndConnection, ConnectionCore);

/** Revokes at Salesforce, shreds the grant and publishes `auth.connection.erased`. */
export const disconnectConnection = defineRequest('auth', 'connection.disconnect',
  personAndConnection.extend({ data: z.enum(['keep', 'erase']) }), Disconnected, { timeoutMs: 20_000 });

/** A signed request (compact JWS) for one token or for several, answered by an encrypted reply (compact JWE); see docs on leases. Ingest-service only. */
export const leaseAccessToken = defineRequest('auth', 'lease', z.strictObject({ request: z.string().max(32_768) }), z.strictObject({ reply: z.string().max(524_288) }), { timeoutMs: 20_000 });

/** Of every request: `iss` the asking service, `aud` `auth-service`, `jti` single use, `exp` at most 30 s ahead, `iat` by the asker's clock. */
const asked = { iss: z.string(), aud: z.literal('auth-service'), jti: z.uuid(), exp: z.int(), iat: z.int().optional() };
const purpose = z.enum(['interactive', 'background']);

/** Claims of the signed request for one token. */
export const LeaseRequestClaims = z.object({
  ...asked,
  connectionId: ConnectionId,
  purpose,
  /** Epoch that Salesforce answered with 401. */
  rejectedEpoch: z.int().positive().optional(),
  minEpoch: z.int().positive().optional(),
  /** No token issued before this instant is wanted (one of auth-service's own instants). */
  notIssuedBefore: z.iso.datetime().optional(),
  runId: z.uuid().optional(),
});
export type LeaseRequestClaims = z.infer<typeof LeaseRequestClaims>;

/** Tokens asked for in one request. Their reply has to fit into one message of the bus. */
export const mostLeasesTogether = 10;

/** Claims of the signed request for several present tokens, each with a `jti` of its own. */
export const LeasesRequestClaims = z.object({
  ...asked,
  leases: z.array(z.object({ jti: z.uuid(), connectionId: ConnectionId, purpose, runId: z.uuid().optional() })).min(1).max(mostLeasesTogether),
});
export type LeasesRequestClaims = z.infer<typeof LeasesRequestClaims>;

/** Claims of a signed request of either kind. */
export const AnyLeaseRequestClaims = z.union([LeasesRequestClaims, LeaseRequestClaims]);
export type AnyLeaseRequestClaims = z.infer<typeof AnyLeaseRequestClaims>;

const lent = {
  jti: z.uuid(),
  connectionId: ConnectionId,
  epoch: z.int().positive(),
  issuedAt: z.iso.datetime(),
  flow: z.enum(['web-server', 'refresh-token', 'jwt-bearer']),
  instanceUrl: z.url(),
  apiVersion: z.string().nullable(),
  accessToken: z.string().min(1),
  leaseUntil: z.iso.datetime(),
};
const lends = { iss: z.literal('auth-service'), aud: z.string(), jti: z.uuid(), exp: z.int() };

/** A token on loan, `jti` of the question. */
export const LentToken = z.object(lent);
export type LentToken = z.infer<typeof LentToken>;

/** Claims of the signed token inside the JWE (`iss` `auth-service`, `aud` the asking service, `jti` echoed). */
export const LeaseClaims = z.object({ ...lends, ...lent });
export type LeaseClaims = z.infer<typeof LeaseClaims>;

/** The same for several. A token that is not among them cannot be lent at once, or not at all: asked for alone, it is waited for or refused with the reason. */
export const LeasesClaims = z.object({ ...lends, leases: z.array(LentToken).max(mostLeasesTogether) });
export type LeasesClaims = z.infer<typeof LeasesClaims>;
