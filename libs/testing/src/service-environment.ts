import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { inject } from 'vitest';
import './provided-context.ts';
import { aDatabase, authOwner, services, withUser, type TestedService } from './test-database.ts';
import { TestNats } from './test-nats.ts';

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
 * @param migrated whether the tables of the project's service are there already (see `prepareDatabases`)
 */
export async function aServiceEnvironment({ postgresUrl = inject('postgresUrl'), migrated = true }: { readonly postgresUrl?: string; readonly migrated?: boolean } = {}): Promise<ServiceEnvironment> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tributary-data-'));
  const [adminUrl, nats, keys] = await Promise.all([aDatabase(postgresUrl, migrated), TestNats.start(inject('natsServer')), someKeys()]);
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
