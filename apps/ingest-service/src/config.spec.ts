import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const pair = (curve: 'ed25519' | 'x25519') => (curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519'));
const [sign, encrypt, authSign, authEncrypt] = [pair('ed25519'), pair('x25519'), pair('ed25519'), pair('x25519')].map(({ privateKey, publicKey }) => ({ own: privateKey.export({ format: 'jwk' }), shown: publicKey.export({ format: 'jwk' }) }));
const complete = {
  TRIBUTARY_DATA_DIR: '/data', DATABASE_URL: 'postgresql://ingest@localhost/tributary', NATS_URL: 'nats://ingest@localhost:4222',
  TRIBUTARY_SERVICE_KEYS: JSON.stringify({ sign: sign?.own, encrypt: encrypt?.own }), TRIBUTARY_PEER_KEYS: JSON.stringify({ 'auth-service': { sign: authSign?.shown, encrypt: authEncrypt?.shown } }),
};

it('is complete with what a service needs, and has sound values for the rest', () => {
  expect(readConfig(complete)).toMatchObject({ syncIntervalSeconds: 300, bulkPageRows: 50_000, restRows: 2_000, apiVersion: undefined, extraOrigins: [], databaseUrl: 'postgresql://ingest@localhost/tributary' });
});

it.each(['66', '66.0', 'v66', 'v66.0'])('takes the version of the API as %s', (version) => {
  expect(readConfig({ ...complete, SALESFORCE_API_VERSION: version }).apiVersion).toBe('66.0');
});

it.each<[string, NodeJS.ProcessEnv]>([
  ['SALESFORCE_EXTRA_ORIGINS', { NODE_ENV: 'production', SALESFORCE_EXTRA_ORIGINS: 'http://localhost:4000' }], ['SALESFORCE_EXTRA_ORIGINS', { SALESFORCE_EXTRA_ORIGINS: 'not an origin' }],
  ['SALESFORCE_API_VERSION', { SALESFORCE_API_VERSION: 'newest' }], ['SALESFORCE_PUBSUB_ENDPOINT', { SALESFORCE_PUBSUB_ENDPOINT: 'evil.example:443' }],
  ['TRIBUTARY_SERVICE_KEYS', { TRIBUTARY_SERVICE_KEYS: '{"sign":{}}' }], ['TRIBUTARY_PEER_KEYS', { TRIBUTARY_PEER_KEYS: 'no json' }], ['WAREHOUSE_URL', { WAREHOUSE_URL: 'mysql://somewhere' }],
  ['TRIBUTARY_SYNC_INTERVAL_SECONDS', { TRIBUTARY_SYNC_INTERVAL_SECONDS: '0' }], ['TRIBUTARY_BULK_PAGE_ROWS', { TRIBUTARY_BULK_PAGE_ROWS: '99' }], ['TRIBUTARY_REST_ROWS', { TRIBUTARY_REST_ROWS: '5000' }], ['DATABASE_URL', { DATABASE_URL: '' }],
])('names %s when it is wrong', (name, wrong) => {
  expect(() => readConfig({ ...complete, ...wrong })).toThrow(new RegExp(`^The configuration is wrong\\. (.*; )?${name}: `));
});
