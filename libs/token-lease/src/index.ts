export { agreeWith, encryptedJwt, signedJwt, verifiedJwt, type KeyAgreement } from './compact-jose.ts';
export { SharedRoundTrip } from './shared-round-trip.ts';
export { askerKeys, PeerKeys, ServiceKeys, type AskerKeys } from './asker-keys.ts';
export { LeaseAsks, type AskingSide } from './lease-asks.ts';
export type { LeaseAsk } from './lease-request.ts';
