import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Client } from 'pg';
import { inject } from 'vitest';
import './provided-context.ts';
import { TestNats } from './test-nats.ts';

const services = ['auth', 'ingest', 'analytics', 'gateway'] as const;
const authOwner = 'tributary_auth_owner';
export type TestedService = (typeof services)[number];

/** Key pairs of one service, as its key file holds them. */
export interface ServiceKeys {
  readonly sign: JWK;
  readonly encrypt: JWK;
}

/** Database, bus and keys of one test file; nothing is shared with another file. */
export interface ServiceEnvironment {
  /** Superuser address of this file's database. */
  readonly adminUrl: string;
  readonly nats: TestNats;
  readonly dataFolder: string;
  /** Base64 key for the vault. */
  readonly masterKey: string;
  readonly keys: Readonly<Record<TestedService, ServiceKeys>>;
  readonly peerKeysFile: string;
  /** Address with the role of a service, which works in its schema only. */
  databaseUrl(service: TestedService): string;
  /** Address with the role that owns the tables of auth-service. */
  readonly authOwnerUrl: string;
  natsUrl(service: TestedService): string;
  /** Path of the file with a service's private keys. */
  keysFile(service: TestedService): string;
  stop(): Promise<void>;
}

/**
 * Makes a fresh database with the product's roles and schemas, a NATS server, service keys and a data folder.
 * @param postgresUrl superuser of another server than that of the run: for tests that end it
 */
export async function aServiceEnvironment({ postgresUrl = inject('postgresUrl') }: { readonly postgresUrl?: string } = {}): Promise<ServiceEnvironment> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tributary-data-'));
  const [adminUrl, nats, keys] = await Promise.all([aDatabase(postgresUrl), TestNats.start(inject('natsServer')), someKeys()]);
  const keysFile = (service: TestedService): string => join(dataFolder, `${service}-keys.json`);
  const peerKeysFile = join(dataFolder, 'peer-keys.json');
  await writeFile(peerKeysFile, JSON.stringify(Object.fromEntries(services.map((service) => [`${service}${service === 'gateway' ? '' : '-service'}`, publicKeys(keys[service])]))));
  await Promise.all(services.map((service) => writeFile(keysFile(service), JSON.stringify(keys[service]))));
  return {
    adminUrl,
    nats,
    dataFolder,
    masterKey: randomBytes(32).toString('base64'),
    keys,
    peerKeysFile,
    databaseUrl: (service) => withUser(adminUrl, `tributary_${service}`),
    authOwnerUrl: withUser(adminUrl, authOwner),
    natsUrl: (service) => nats.url(service),
    keysFile,
    stop: async () => {
      await nats.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function someKeys(): Promise<Record<TestedService, ServiceKeys>> {
  const pairs = await Promise.all(services.map(async (service) => [service, await someServiceKeys()] as const));
  return Object.fromEntries(pairs) as Record<TestedService, ServiceKeys>;
}

async function someServiceKeys(): Promise<ServiceKeys> {
  const [sign, encrypt] = await Promise.all([
    generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }),
    generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true }),
  ]);
  return { sign: await exportJWK(sign.privateKey), encrypt: await exportJWK(encrypt.privateKey) };
}

function publicKeys({ sign, encrypt }: ServiceKeys): ServiceKeys {
  const { d: _sign, ...publicSign } = sign;
  const { d: _encrypt, ...publicEncrypt } = encrypt;
  return { sign: publicSign, encrypt: publicEncrypt };
}

function withUser(url: string, user: string): string {
  const address = new URL(url);
  address.username = user;
  address.password = user;
  return address.href;
}

async function aDatabase(postgresUrl: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(postgresUrl, async (client) => {
    await client.query('select pg_advisory_lock(77)');
    for (const role of [...services.map((service) => `tributary_${service}`), authOwner]) await createRole(client, role, `login password '${role}'`);
    await createRole(client, 'tributary_warehouse_reader', 'nologin');
    await client.query('grant tributary_warehouse_reader to tributary_analytics');
    await client.query(`create database ${name}`);
  });
  const address = new URL(postgresUrl);
  address.pathname = `/${name}`;
  await withClient(address.href, async (client) => {
    for (const service of services) await client.query(`create schema ${service} authorization ${service === 'auth' ? authOwner : `tributary_${service}`}`);
    await client.query(`grant usage on schema auth to tributary_auth`);
    await client.query(`alter default privileges for role ${authOwner} in schema auth grant select, insert, update, delete on tables to tributary_auth`);
    await client.query(`alter default privileges for role ${authOwner} in schema auth grant usage, select on sequences to tributary_auth`);
    await client.query(`grant create on database ${name} to tributary_ingest`);
    await client.query('revoke create on schema public from public');
  });
  return address.href;
}

async function createRole(client: Client, name: string, options: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create role ${name} ${options}`);
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
