import { natsConfiguration, type BusUser } from '../nats/nats-configuration.ts';
import { withAccount } from '../postgres/addresses.ts';
import { authOwnerRole, type ServiceRole } from '../postgres/roles.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { serviceNames, type ServiceName } from '../secrets/service-keys.ts';

/** Ports and names inside the network of docker-compose.yml. */
export const inside = { natsPort: 4_222, natsMonitorPort: 8_222, database: 'postgresql://postgres@postgres:5432/tributary' } as const;

/** Accounts of the containers, which own what they read. */
const accounts = { service: 1_000, nats: 1_000, postgres: 999 } as const;

export interface SecretText {
  /** Volume, which only one container mounts. */
  readonly volume: string;
  readonly name: string;
  readonly text: string;
  /** Number of the account that may read it. */
  readonly owner: number;
}

const roles: Readonly<Record<ServiceName, ServiceRole>> = { 'auth-service': 'tributary_auth', 'ingest-service': 'tributary_ingest', 'analytics-service': 'tributary_analytics', gateway: 'tributary_gateway' };
const users: Readonly<Record<ServiceName, BusUser>> = { 'auth-service': 'auth', 'ingest-service': 'ingest', 'analytics-service': 'analytics', gateway: 'gateway' };

/**
 * What each container is given as files: its own addresses and keys, and nothing of the others.
 * @param keys texts of the key files: of each service, and of the public halves of all
 */
export function secretTexts(secrets: Secrets, keys: { readonly own: Readonly<Record<ServiceName, string>>; readonly peers: string }): SecretText[] {
  return [
    { volume: 'postgres', name: 'superuser-password', text: secrets.superuserPassword, owner: accounts.postgres },
    { volume: 'nats', name: 'nats.conf', text: composeNatsConfiguration(secrets), owner: accounts.nats },
    { volume: 'auth-service', name: 'master-key', text: secrets.masterKey, owner: accounts.service },
    { volume: 'auth-service', name: 'database-owner-url', text: withAccount(inside.database, authOwnerRole, secrets.rolePasswords[authOwnerRole]), owner: accounts.service },
    ...serviceNames.flatMap((service) => ofService(service, secrets, keys.own[service], keys.peers)),
  ];
}

/** What the operator brings along for auth-service; empty texts where there is none. */
export function givenSecrets(env: NodeJS.ProcessEnv): { readonly name: string; readonly text: string }[] {
  return [{ name: 'salesforce-client-secret', text: env['SALESFORCE_CLIENT_SECRET'] ?? '' }, { name: 'oidc-providers', text: env['TRIBUTARY_OIDC_PROVIDERS'] ?? '' }];
}

function ofService(service: ServiceName, secrets: Secrets, ownKeys: string, peerKeys: string): SecretText[] {
  const [role, user] = [roles[service], users[service]];
  const texts = {
    'database-url': withAccount(inside.database, role, secrets.rolePasswords[role]),
    'nats-url': `nats://${user}:${secrets.busPasswords[user]}@nats:${inside.natsPort}`,
    'keys.json': ownKeys,
    'peer-keys.json': peerKeys,
  };
  return Object.entries(texts).map(([name, text]) => ({ volume: service, name, text, owner: accounts.service }));
}

function composeNatsConfiguration({ busPasswords }: Secrets): string {
  return natsConfiguration({
    host: '0.0.0.0', port: inside.natsPort, monitorPort: inside.natsMonitorPort, storeFolder: '/data', maxStoreBytes: 2 * 1024 * 1024 * 1024, version: '2.10.27', passwords: busPasswords,
  });
}
