/** Something that only some places may use: an import, a global, or a member of a global. */
export interface Confinement {
  /** Name in the message, and in the test that proves the rule. */
  readonly what: string;
  readonly why: string;
  /** Module → the names confined, `*` for the whole module. */
  readonly modules?: Readonly<Record<string, readonly string[] | '*'>>;
  /** Names without a declaration in the file: `fetch`. */
  readonly globals?: readonly string[];
  /** Object and member: `['process', 'env']`. */
  readonly members?: readonly (readonly [object: string, member: string])[];
  /** Globs from the root. */
  readonly allowedIn: readonly string[];
}

/** Code that is not the product: tests, tools, configuration of the build. */
const notProduct = ['**/*.spec.ts', '**/*.harness.ts', 'apps/e2e/**', 'libs/testing/**', 'tools/**', '**/*.config.{ts,js}', '*.{ts,js}'];

const decrypting = ['compactDecrypt', 'flattenedDecrypt', 'generalDecrypt', 'jwtDecrypt', 'EncryptJWT', 'CompactEncrypt', 'FlattenedEncrypt', 'GeneralEncrypt'];
const ciphers = ['createCipheriv', 'createDecipheriv', 'publicEncrypt', 'privateDecrypt', 'privateEncrypt', 'publicDecrypt', 'diffieHellman', 'subtle', 'webcrypto'];

/** Every confinement of the product. A new one gets a planted violation in boundary-canary. */
export const confinements: readonly Confinement[] = [
  {
    what: 'environment variables',
    why: 'only config.ts knows their names; main.ts hands the environment over',
    modules: { 'node:process': ['env', 'default'] },
    members: [['process', 'env']],
    allowedIn: [...notProduct, '**/src/config.ts', '**/src/main.ts', 'libs/service-kit/**'],
  },
  {
    what: 'encryption and decryption by jose',
    why: 'only leases and sessions are encrypted tokens',
    modules: { jose: decrypting },
    allowedIn: [...notProduct, 'apps/auth-service/src/{lease,vault}/**', 'apps/ingest-service/src/lease/**', 'apps/gateway/src/session/**'],
  },
  {
    what: 'ciphers of node:crypto',
    why: 'secrets are sealed and opened in the vault, leases in compact-jose alone',
    modules: { 'node:crypto': ciphers, crypto: '*' },
    allowedIn: ['apps/auth-service/src/vault/**', 'libs/token-lease/src/compact-jose.ts'],
  },
  {
    what: 'the NATS client',
    why: 'the rest of the product speaks in events and requests of @tributary/messaging',
    modules: { '@nats-io/**': '*', nats: '*' },
    allowedIn: [...notProduct, 'libs/messaging/**'],
  },
  {
    what: 'gRPC',
    why: 'change events are heard by the client of the Pub/Sub API alone, whose methods read',
    modules: { '@grpc/**': '*', grpc: '*' },
    allowedIn: [...notProduct, 'libs/salesforce-client/src/pubsub/**'],
  },
  {
    what: 'outbound HTTP',
    why: 'Salesforce is reached through @tributary/salesforce-client only, auth-service through the connect proxy of the gateway, and the gateway through src/shared of the portal',
    modules: {
      undici: '*', axios: '*', got: '*', 'node-fetch': '*', 'node:https': '*', 'node:http2': '*', 'node:http': ['request', 'get', 'Agent'],
      http: '*', https: '*', http2: '*', 'node:net': ['connect', 'createConnection', 'Socket'], 'node:tls': '*',
    },
    globals: ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'],
    members: [['globalThis', 'fetch'], ['window', 'fetch'], ['navigator', 'sendBeacon']],
    allowedIn: [...notProduct, 'libs/salesforce-client/src/http/**', 'apps/gateway/src/connect/connect-proxy.ts', 'apps/portal/src/shared/**', 'apps/auth-service/src/operation/is-answered.ts'],
  },
];
