import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spaceProblem } from '../places/data-folder.ts';
import { readSettings } from './settings.ts';

describe('the settings', () => {
  it('need nothing: embedded servers, simulator, port 3000', () => {
    expect(readSettings({})).toMatchObject({ port: 3_000, production: false, client: undefined, databaseUrl: undefined, natsUrl: undefined, masterKey: undefined });
    expect(readSettings({}).dataDir).toMatch(/\/\.tributary$/);
  });

  it.each([
    [{ TRIBUTARY_PORT: 'http' }, 'The configuration is wrong. TRIBUTARY_PORT: must be a port number.'],
    [{ TRIBUTARY_PORT: '70000' }, 'The configuration is wrong. TRIBUTARY_PORT: must be a port number.'],
    [{ DATABASE_URL: 'mysql://me:hidden@x/y' }, 'The configuration is wrong. DATABASE_URL: must be a postgresql:// or postgres:// address.'],
    [{ NATS_URL: '127.0.0.1:4222' }, 'The configuration is wrong. NATS_URL: must be a nats:// or tls:// address.'],
    [{ NODE_ENV: 'production' }, 'The configuration is wrong. TRIBUTARY_MASTER_KEY: is required when NODE_ENV is production.'],
    [{ SALESFORCE_LOGIN_URL: 'https://test.salesforce.com' }, 'The configuration is wrong. SALESFORCE_LOGIN_URL: is of no use without SALESFORCE_CLIENT_ID; set both to connect to an org, or neither to use the simulator.'],
  ])('name a wrong variable and never its value: %o', (env, sentence) => {
    expect(() => readSettings(env)).toThrow(sentence);
    expect(() => readSettings(env)).not.toThrow(/hidden/);
  });

  it('are read from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-settings-'));
    writeFileSync(join(folder, 'id'), 'the-client\n');
    expect(readSettings({ SALESFORCE_CLIENT_ID_FILE: join(folder, 'id') }).client?.id).toBe('the-client');
    rmSync(folder, { recursive: true });
    expect(() => readSettings({ SALESFORCE_CLIENT_ID_FILE: join(folder, 'id') })).toThrow('The configuration is wrong. SALESFORCE_CLIENT_ID_FILE: the file cannot be read.');
  });

  it('say in one sentence that the disk is nearly full', () => {
    expect(spaceProblem('/data', 512 * 1024 * 1024)).toBeUndefined();
    expect(spaceProblem('/data', 100 * 1024 * 1024)).toBe('The disk of /data has only 100 MB free and 512 MB are needed: free some space, or set TRIBUTARY_DATA_DIR to a folder on another disk.');
  });
});
