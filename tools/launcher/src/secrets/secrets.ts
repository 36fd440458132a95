import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { busUsers, type BusUser } from '../nats/nats-configuration.ts';
import { roleNames, type RoleName } from '../postgres/roles.ts';
import { randomPassword, secretFile } from './secret-file.ts';
import { prepareServiceKeys, type ServiceKeyFiles } from './service-keys.ts';

export interface Secrets {
  /** Base64, 32 bytes; wraps the vault's keys. */
  readonly masterKey: string;
  /** Where it is kept; undefined when the environment gave it. */
  readonly masterKeyFile: string | undefined;
  readonly superuserPassword: string;
  readonly rolePasswords: Readonly<Record<RoleName, string>>;
  readonly busPasswords: Readonly<Record<BusUser, string>>;
  /** Secret of the product's app at the simulator. */
  readonly simulatorClientSecret: string;
  readonly keys: ServiceKeyFiles;
}

/**
 * Secrets of this installation, generated on the first start; each is a file of its own that only its owner can read.
 * @param masterKey the one of the environment, which is never written down
 */
export async function prepareSecrets(folder: string, masterKey: string | undefined): Promise<Secrets> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (name: string, make: () => string = randomPassword): Promise<string> => secretFile(join(folder, name), make);
  return {
    masterKey: masterKey ?? (await file('master-key', () => randomBytes(32).toString('base64'))),
    masterKeyFile: masterKey === undefined ? join(folder, 'master-key') : undefined,
    superuserPassword: await file('postgres-superuser'),
    rolePasswords: await each(roleNames, (role) => file(`postgres-${role}`)),
    busPasswords: await each(busUsers, (user) => file(`nats-${user}`)),
    simulatorClientSecret: await file('simulator-client'),
    keys: await prepareServiceKeys(folder),
  };
}

async function each<Name extends string>(names: readonly Name[], read: (name: Name) => Promise<string>): Promise<Record<Name, string>> {
  const entries = await Promise.all(names.map(async (name) => [name, await read(name)] as const));
  return Object.fromEntries(entries) as Record<Name, string>;
}
