import { describe, expect, it } from 'vitest';
import { serviceNames, type ServiceName } from '../secrets/service-keys.ts';
import { serviceVariables, type ServiceFacts } from './service-variables.ts';

const perService = (read: (name: ServiceName) => string) => Object.fromEntries(serviceNames.map((name) => [name, read(name)])) as Record<ServiceName, string>;

const facts: ServiceFacts = {
  env: { PATH: '/bin', TRIBUTARY_MASTER_KEY: 'the-master-key', SALESFORCE_CLIENT_SECRET: 'the-client-secret', TRIBUTARY_OIDC_PROVIDERS: 'the-providers', AWS_SECRET_ACCESS_KEY: 'somebody else’s', HTTPS_PROXY: 'http://proxy.test', TRIBUTARY_TUNING: '7' },
  dataDir: '/data', portalDir: '/portal', publicUrl: 'http://localhost:3000', publicPort: 3_000,
  ports: { 'auth-service': 1, 'ingest-service': 2, 'analytics-service': 3, gateway: 3_000 },
  databaseUrls: perService((name) => `postgresql://${name}@db/x`), authOwnerUrl: 'postgresql://the-owner@db/x', warehouseUrls: {}, natsUrls: perService((name) => `nats://${name}@bus`),
  masterKey: 'the-master-key', masterKeyFile: undefined, ownKeysFile: (service) => `/keys/${service}`, peerKeysFile: '/keys/peers',
  client: { id: 'the-client', secret: 'the-client-secret' }, simulator: undefined,
};

describe('the environment of a service', () => {
  it('holds the master key and the client secret for auth-service alone', () => {
    for (const name of serviceNames) {
      const text = JSON.stringify(serviceVariables(name, facts));
      expect(text.includes('the-master-key')).toBe(name === 'auth-service');
      expect(text.includes('the-client-secret')).toBe(name === 'auth-service');
      expect(text.includes('the-providers')).toBe(name === 'auth-service');
      expect(text.includes('the-owner')).toBe(name === 'auth-service');
      expect(text).not.toContain('somebody else');
    }
  });

  it('names the file of the master key where there is one, and holds the key itself only when nothing else is known', () => {
    const kept = serviceVariables('auth-service', { ...facts, masterKeyFile: '/secrets/master-key' });
    expect([kept['TRIBUTARY_MASTER_KEY_FILE'], JSON.stringify(kept).includes('the-master-key')]).toEqual(['/secrets/master-key', false]);
    expect(serviceVariables('auth-service', facts)).toMatchObject({ TRIBUTARY_MASTER_KEY: 'the-master-key' });
  });

  it('holds the addresses of its own accounts only', () => {
    const { DATABASE_URL, NATS_URL, ...rest } = serviceVariables('ingest-service', facts);
    expect([DATABASE_URL, NATS_URL]).toEqual(['postgresql://ingest-service@db/x', 'nats://ingest-service@bus']);
    expect(JSON.stringify(rest)).not.toMatch(/postgresql:|nats:/);
  });

  it('hands on settings of the product, proxies and the like', () => {
    expect(serviceVariables('analytics-service', facts)).toMatchObject({ PATH: '/bin', HTTPS_PROXY: 'http://proxy.test', TRIBUTARY_TUNING: '7', TRIBUTARY_SERVICE_PORT: '3', TRIBUTARY_DATA_DIR: '/data' });
  });

  it('puts the simulator in the place of Salesforce, with short intervals unless asked otherwise', () => {
    const simulated = { ...facts, simulator: { loginOrigin: 'http://localhost:3100', origins: ['http://localhost:3100', 'http://localhost:3102'], changeEvents: 'localhost:3103' } };
    expect(serviceVariables('ingest-service', simulated)).toMatchObject({ SALESFORCE_LOGIN_URL: 'http://localhost:3100', SALESFORCE_EXTRA_ORIGINS: 'http://localhost:3100,http://localhost:3102', TRIBUTARY_SYNC_INTERVAL_SECONDS: '15' });
    expect(serviceVariables('ingest-service', { ...simulated, env: { TRIBUTARY_SYNC_INTERVAL_SECONDS: '60' } })).toMatchObject({ TRIBUTARY_SYNC_INTERVAL_SECONDS: '60' });
    expect(serviceVariables('ingest-service', facts)).not.toHaveProperty('TRIBUTARY_SYNC_INTERVAL_SECONDS');
  });
});
