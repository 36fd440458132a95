import { ConnectionId, PersonId } from '@tributary/event-contracts';
import { z } from 'zod';
import { JwtProof, ServiceConnectionAnswer, ServiceConnectionRequest, SigningCertificate, SigningKey, SigningKeyList, SigningKeyRequest } from '../http/access.ts';
import { CallsRequest, SalesforceCallList } from '../http/calls.ts';
import { AccessPolicy, ConnectionCore } from '../http/connection.ts';
import { DoctorReport } from '../http/doctor.ts';
import { defineRequest } from './define-request.ts';

const person = z.strictObject({ personId: PersonId });
const ofConnection = person.extend({ connectionId: ConnectionId });

/** @throws Conflict `JWT_NOT_PROVEN` for a policy whose way in does not work */
export const setAccessPolicy = defineRequest('auth', 'connection.policy', ofConnection.extend({ policy: AccessPolicy }), ConnectionCore);

/** Stops, or resumes, lending tokens; keep-alive goes on. @throws Conflict `CONNECTION_CANNOT_PAUSE` in a state without a pause */
export const pauseConnection = defineRequest('auth', 'connection.pause', ofConnection.extend({ paused: z.boolean() }), ConnectionCore);

/** Tries a real assertion for the connection's own user; a success makes, or renews, its jwt grant. */
export const proveJwt = defineRequest('auth', 'connection.prove-jwt', ofConnection, JwtProof, { timeoutMs: 60_000 });

/** @throws Forbidden `ROLE_INSUFFICIENT`; InvalidInput `HOST_NOT_ALLOWED`, `SITE_NOT_ALLOWED` */
export const connectByJwt = defineRequest('auth', 'connection.connect-by-jwt', person.extend({ request: ServiceConnectionRequest }), ServiceConnectionAnswer, { timeoutMs: 60_000 });

/** Calls of OAuth, newest first. @throws NotFound `CONNECTION_NOT_FOUND` */
export const listAccessCalls = defineRequest('auth', 'connection.calls', ofConnection.extend({ ...CallsRequest.shape, limit: z.int().min(1).max(500).default(100) }), SalesforceCallList);

/** Looks at everything between the person and their data. */
export const runDoctor = defineRequest('auth', 'connection.doctor', ofConnection, DoctorReport, { timeoutMs: 60_000 });

export const listSigningKeys = defineRequest('auth', 'signing-key.list', person, SigningKeyList);

/** @throws Forbidden `ROLE_INSUFFICIENT`; InvalidInput `SIGNING_KEY_INVALID` saying what does not fit */
export const makeSigningKey = defineRequest('auth', 'signing-key.make', person.extend({ request: SigningKeyRequest }), SigningKey, { timeoutMs: 30_000 });

/** @throws NotFound `SIGNING_KEY_NOT_FOUND` */
export const readCertificate = defineRequest('auth', 'signing-key.certificate', person.extend({ keyId: z.uuid() }), SigningCertificate);

/** Somebody takes the certificate to Salesforce: a key that was only made counts as offered. @throws Forbidden `ROLE_INSUFFICIENT`; NotFound `SIGNING_KEY_NOT_FOUND` */
export const offerSigningKey = defineRequest('auth', 'signing-key.offer', person.extend({ keyId: z.uuid() }), SigningKey);
