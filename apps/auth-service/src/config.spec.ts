import { readFile } from 'node:fs/promises';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authVariables } from './spec-support/auth-service.harness.ts';
import { forgetSecrets, readConfig } from './config.ts';

const real = { loginOrigin: 'https://login.salesforce.com', origins: [], client: { id: 'the-app', secret: 'the-secret' } };
let environment: ServiceEnvironment;
const variables = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => authVariables(environment, real, more);

beforeAll(async () => {
  environment = await aServiceEnvironment();
});
afterAll(async () => environment?.stop());

describe('the configuration', () => {
  it('is complete with a real org', async () => {
    expect(await readConfig(variables({ NODE_ENV: 'production', SALESFORCE_API_VERSION: 'v66.0' }))).toMatchObject({ production: true, loginOrigin: 'https://login.salesforce.com', redirectUri: 'http://localhost:3000/connect/salesforce/callback', apiVersion: '66.0' });
  });

  it.each([
    ['TRIBUTARY_MASTER_KEY', { NODE_ENV: 'production', TRIBUTARY_MASTER_KEY: '' }],
    ['TRIBUTARY_MASTER_KEY', { TRIBUTARY_MASTER_KEY: 'c2hvcnQ=' }],
    ['SALESFORCE_EXTRA_ORIGINS', { NODE_ENV: 'production', SALESFORCE_EXTRA_ORIGINS: 'http://localhost:4000' }],
    ['SALESFORCE_EXTRA_ORIGINS', { SALESFORCE_EXTRA_ORIGINS: 'not an origin' }],
    ['SALESFORCE_LOGIN_URL', { SALESFORCE_LOGIN_URL: 'http://localhost:4000' }],
    ['SALESFORCE_LOGIN_URL', { SALESFORCE_LOGIN_URL: 'https://evil.example' }],
    ['SALESFORCE_CLIENT_ID', { SALESFORCE_CLIENT_ID: '' }],
    ['TRIBUTARY_SERVICE_KEYS', { TRIBUTARY_SERVICE_KEYS_FILE: '/nowhere' }],
    ['TRIBUTARY_PEER_KEYS', { TRIBUTARY_PEER_KEYS_FILE: '', TRIBUTARY_PEER_KEYS: '{"ingest-service":{}}' }],
  ])('names %s when it is wrong', async (name, more) => {
    await expect(readConfig(variables(more))).rejects.toThrow(name);
  });

  it('makes a master key for development once, readable by its owner alone', async () => {
    const development = variables({ TRIBUTARY_MASTER_KEY: '' });
    const [first, second] = await Promise.all([readConfig(development), readConfig(development)]);
    expect(first.keyRing.sealing.id).toBe(second.keyRing.sealing.id);
    expect(Buffer.from(await readFile(`${environment.dataFolder}/master.key`, 'utf8'), 'base64')).toHaveLength(32);
  });

  it('keeps no secret in the environment', () => {
    const env = variables();
    forgetSecrets(env);
    expect(Object.values(env)).not.toContain(environment.masterKey);
    expect(Object.values(env)).not.toContain('the-secret');
  });
});
