import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busPermissions } from '@tributary/event-contracts';
import { resolveNatsServer, startEmbeddedPostgres } from '@tributary/launcher';
import { startSimulator, type Simulator } from '@tributary/salesforce-simulator';
import { Client } from 'pg';
import { publicKeys, someServiceKeys, type ServiceKeys } from './service-keys.ts';

const roles = ['auth', 'ingest', 'analytics', 'gateway'] as const;
const authMain = join(import.meta.dirname, '..', '..', '..', 'apps', 'auth-service', 'dist', 'main.js');

/** Where the bench runs: real servers with the settings of an installation, the built auth-service, and the simulator. */
export interface Place {
  readonly simulator: Simulator;
  readonly origin: string;
  readonly databaseUrl: string;
  /** Where the first auth-service listens to its operator. */
  readonly operatorSocket: string;
  readonly keys: { readonly auth: ServiceKeys; readonly ingest: ServiceKeys };
  /** Process ids of auth-service, one per replica. */
  readonly processes: readonly number[];
  readonly servers: { readonly postgres: number; readonly nats: number };
  /** How to come onto the bus as one of its users. */
  bus(user: 'ingest' | 'gateway' | 'floor'): { readonly servers: string; readonly user: string; readonly pass: string; readonly inboxPrefix: string };
  stop(): Promise<void>;
}

/** @param replicas processes of auth-service */
export async function aPlace(replicas: number): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
  const [postgres, nats, simulator, auth, ingest] = await Promise.all([
    startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword: 'bench' }), startNats(folder), startSimulator({ size: 'empty' }), someServiceKeys(), someServiceKeys(),
  ]);
  await makeRoles(postgres.url);
  await writeFile(join(folder, 'keys.json'), JSON.stringify(auth));
  await writeFile(join(folder, 'peers.json'), JSON.stringify({ 'auth-service': publicKeys(auth), 'ingest-service': publicKeys(ingest) }));
  const masterKey = randomBytes(32).toString('base64');
  const children: ChildProcess[] = [];
  let origin = '';
  // One after the other: the first one makes the tables.
  for (let replica = 0; replica < replicas; replica += 1) {
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const dataFolder = join(folder, `auth-${replica}`);
    await mkdir(dataFolder);
    children.push(spawn(process.execPath, [authMain], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        NODE_ENV: 'development', TRIBUTARY_SERVICE_PORT: String(port), TRIBUTARY_DATA_DIR: dataFolder, TRIBUTARY_LOG_LEVEL: 'fatal', TRIBUTARY_PUBLIC_URL: 'http://localhost:3000',
        TRIBUTARY_MASTER_KEY: masterKey, TRIBUTARY_SERVICE_KEYS_FILE: join(folder, 'keys.json'), TRIBUTARY_PEER_KEYS_FILE: join(folder, 'peers.json'),
        DATABASE_URL: withUser(postgres.url, 'tributary_auth'), NATS_URL: `nats://auth:auth@127.0.0.1:${nats.port}`, SALESFORCE_LOGIN_URL: simulator.loginOrigin,
        SALESFORCE_EXTRA_ORIGINS: simulator.origins.join(','), SALESFORCE_CLIENT_ID: simulator.client.id, SALESFORCE_CLIENT_SECRET: simulator.client.secret,
      },
    }));
    await untilReady(origin);
  }
  return {
    simulator, origin, keys: { auth, ingest }, databaseUrl: postgres.url, operatorSocket: join(folder, 'auth-0', 'operate.sock'), bus: (user) => ({ servers: `127.0.0.1:${nats.port}`, user, pass: user, inboxPrefix: `_INBOX_${user}` }),
    processes: children.flatMap(({ pid }) => pid ?? []), servers: { postgres: postgres.pid, nats: nats.pid },
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await simulator.stop();
      nats.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function makeRoles(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const role of roles) {
    await client.query(`create role tributary_${role} login password 'tributary_${role}'`);
    await client.query(`create schema ${role} authorization tributary_${role}`);
  }
  await client.end();
}

export async function startNats(folder: string): Promise<{ readonly port: number; readonly pid: number; stop(): void }> {
  const { path } = await resolveNatsServer();
  const port = await freePort();
  const users = Object.entries(busPermissions()).map(([user, may]) => `{ user: ${user}, password: ${user}, permissions: {
    publish: { allow: ${JSON.stringify(may.publish)}, deny: ${JSON.stringify(may.denyPublish)} }, subscribe: { allow: ${JSON.stringify(may.subscribe)} }${may.allowResponses ? ', allow_responses: { max: 1, expires: "1m" }' : ''} } }`);
  await writeFile(join(folder, 'nats.conf'), `host: 127.0.0.1
port: ${port}
jetstream { store_dir: ${JSON.stringify(join(folder, 'jetstream'))} }
authorization { users: [ ${users.join(',\n')}, { user: floor, password: floor } ] }
`);
  const child = spawn(path, ['-c', join(folder, 'nats.conf')], { stdio: 'ignore' });
  await sleep(500);
  return { port, pid: child.pid ?? 0, stop: () => void child.kill('SIGKILL') };
}

export async function untilReady(origin: string): Promise<void> {
  const endsAt = performance.now() + 120_000;
  while (performance.now() < endsAt) {
    const status = await fetch(`${origin}/health/ready`).then((answer) => answer.status, () => 0);
    if (status === 200) return;
    await sleep(100);
  }
  throw new Error('auth-service does not become ready');
}

export function withUser(url: string, user: string): string {
  const address = new URL(url);
  Object.assign(address, { username: user, password: user });
  return address.href;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<number>();
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return promise;
}
