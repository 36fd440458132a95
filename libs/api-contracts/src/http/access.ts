import { z } from 'zod';
import { Storable } from './storable.ts';
import { AccessPolicy } from './connection.ts';

/** `PUT /api/connections/{id}/policy` */
export const AccessPolicyChange = z.strictObject({ policy: AccessPolicy });
export type AccessPolicyChange = z.infer<typeof AccessPolicyChange>;

/** States of a signing key; see the documentation of signing keys. */
export const SigningKeyState = z.enum(['created', 'offered', 'current', 'retiring', 'retired', 'destroyed', 'expired']);
export type SigningKeyState = z.infer<typeof SigningKeyState>;

/** A key pair of the app with its certificate; the private half never leaves auth-service. */
export const SigningKey = z.object({
  id: z.uuid(),
  state: SigningKeyState,
  /** Made here, or brought along as PEM. */
  origin: z.enum(['generated', 'imported']),
  bits: z.int().positive(),
  /** SHA-256 of the certificate, hexadecimal with colons, as Salesforce and OpenSSL show it. */
  fingerprint: z.string(),
  serialNumber: z.string(),
  subject: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  daysLeft: z.int(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type SigningKey = z.infer<typeof SigningKey>;

/** `GET /api/signing-keys`, newest first, with what the External Client App has to be given. */
export const SigningKeyList = z.object({ keys: z.array(SigningKey), clientId: z.string(), callbackUrl: z.url(), scopes: z.array(z.string()) });
export type SigningKeyList = z.infer<typeof SigningKeyList>;

/** `POST /api/signing-keys`: makes a key. One that exists is brought along by the command line: no private key crosses the gateway or the bus. */
export const SigningKeyRequest = z.strictObject({ bits: z.union([z.literal(2048), z.literal(4096)]).default(2048) });
export type SigningKeyRequest = z.infer<typeof SigningKeyRequest>;

/** `GET /api/signing-keys/{id}/certificate`: what is uploaded to Salesforce. */
export const SigningCertificate = z.object({ fileName: z.string(), pem: z.string() });
export type SigningCertificate = z.infer<typeof SigningCertificate>;

/** One try of an assertion: where, for which audience, with which key, and what Salesforce said. */
export const AssertionTry = z.object({ host: z.string(), audience: z.string(), keyId: z.uuid(), outcome: z.enum(['ok', 'refused', 'unreachable']), cause: z.string().nullable(), text: z.string() });
export type AssertionTry = z.infer<typeof AssertionTry>;

/** `POST /api/connections/{id}/jwt-proof`: whether access without the person works, and what is missing if not. */
export const JwtProof = z.object({
  proven: z.boolean(),
  /** Cause code of the failure that says most; null when proven. */
  cause: z.string().nullable(),
  who: z.enum(['user', 'admin', 'operator', 'nobody']).nullable(),
  text: z.string(),
  /** What to do, one step each. */
  steps: z.array(z.string()),
  tries: z.array(AssertionTry),
});
export type JwtProof = z.infer<typeof JwtProof>;

/** `POST /api/service-connections`: a connection with no browser and no person of its own, by assertion alone. */
export const ServiceConnectionRequest = z.strictObject({
  username: Storable.min(3).max(80),
  /** Login address; the installation's own when absent. */
  login: Storable.max(300).optional(),
  /** Address of the Experience Cloud site whose user it is, such as `https://acme.my.site.com/customers`: the audience of assertions, never called. */
  site: Storable.max(300).optional(),
});
export type ServiceConnectionRequest = z.infer<typeof ServiceConnectionRequest>;

/** The connection when it worked; else only the proof that says why not. */
export const ServiceConnectionAnswer = z.object({ connectionId: z.uuid().nullable(), proof: JwtProof });
export type ServiceConnectionAnswer = z.infer<typeof ServiceConnectionAnswer>;
