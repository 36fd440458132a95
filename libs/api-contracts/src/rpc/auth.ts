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

/** A signed request (compact JWS) answered by an encrypted token (compact JWE); see docs on leases. Ingest-service only. */
export const leaseAccessToken = defineRequest('auth', 'lease', z.strictObject({ request: z.string().max(8_192) }), z.strictObject({ reply: z.string().max(16_384) }), { timeoutMs: 20_000 });

/** Claims of the signed lease request (`iss` the asking service, `aud` `auth-service`, `jti` single use, `exp` at most 30 s ahead). */
export const LeaseRequestClaims = z.object({
  iss: z.string(),
  aud: z.literal('auth-service'),
  jti: z.uuid(),
  exp: z.int(),
  connectionId: ConnectionId,
  purpose: z.enum(['interactive', 'background']),
  /** Epoch that Salesforce answered with 401. */
  rejectedEpoch: z.int().positive().optional(),
  minEpoch: z.int().positive().optional(),
  /** No token issued before this instant is wanted (one of auth-service's own instants). */
  notIssuedBefore: z.iso.datetime().optional(),
  runId: z.uuid().optional(),
});
export type LeaseRequestClaims = z.infer<typeof LeaseRequestClaims>;

/** Claims of the signed token inside the JWE (`iss` `auth-service`, `aud` the asking service, `jti` echoed). */
export const LeaseClaims = z.object({
  iss: z.literal('auth-service'),
  aud: z.string(),
  jti: z.uuid(),
  exp: z.int(),
  connectionId: ConnectionId,
  epoch: z.int().positive(),
  issuedAt: z.iso.datetime(),
  flow: z.enum(['web-server', 'refresh-token', 'jwt-bearer']),
  instanceUrl: z.url(),
  apiVersion: z.string().nullable(),
  accessToken: z.string().min(1),
  leaseUntil: z.iso.datetime(),
});
export type LeaseClaims = z.infer<typeof LeaseClaims>;
