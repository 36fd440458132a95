import { busPermissions, type BusPermissions } from '@tributary/event-contracts';
import { isAtLeast } from './nats-version.ts';

export type BusUser = keyof ReturnType<typeof busPermissions>;

/** Every user of the bus. */
export const busUsers = Object.keys(busPermissions()) as readonly BusUser[];

export interface NatsConfiguration {
  readonly host: string;
  readonly port: number;
  /** Port of `GET /healthz`, on the loopback address whatever the host. */
  readonly monitorPort: number;
  readonly storeFolder: string;
  /** Bytes JetStream may store; above that it refuses, which is better than a full disk. */
  readonly maxStoreBytes: number;
  readonly version: string;
  readonly passwords: Readonly<Record<BusUser, string>>;
}

/** The server's configuration: one user per service with its least privilege, and no way in without one. */
export function natsConfiguration({ host, port, monitorPort, storeFolder, maxStoreBytes, version, passwords }: NatsConfiguration): string {
  const users = Object.entries(busPermissions()).map(([user, may]) => userOf(user, passwords[user as BusUser], may));
  // Before 2.10 there is no such setting; what a power cut takes from the bus there, the services publish again from their outbox.
  const sync = isAtLeast(version, '2.10.0') ? '\n  sync_interval: always' : '';
  return `host: ${JSON.stringify(host)}
port: ${port}
http: "127.0.0.1:${monitorPort}"
server_name: tributary
max_payload: 1MB
max_connections: 256
lame_duck_duration: 30s
lame_duck_grace_period: 1s
jetstream {
  store_dir: ${JSON.stringify(storeFolder)}
  max_memory_store: 64MB
  max_file_store: ${maxStoreBytes}${sync}
}
authorization {
  users: [
${users.join(',\n')}
  ]
}
`;
}

function userOf(user: string, password: string, may: BusPermissions): string {
  const responses = may.allowResponses ? ', allow_responses: { max: 1, expires: "1m" }' : '';
  return `    { user: ${user}, password: ${JSON.stringify(password)}, permissions: {
      publish: { allow: ${JSON.stringify(may.publish)}, deny: ${JSON.stringify(may.denyPublish)} },
      subscribe: { allow: ${JSON.stringify(may.subscribe)} }${responses} } }`;
}
