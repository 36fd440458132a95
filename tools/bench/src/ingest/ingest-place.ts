import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { ConnectionId, OrgId, tokenReady } from '@tributary/event-contracts';
import { nodeFlags, startEmbeddedPostgres } from '@tributary/launcher';
import { Client } from 'pg';
import { freePort, makeRoles, startNats, untilReady, withUser } from '../place.ts';
import { publicKeys, someServiceKeys } from '../service-keys.ts';
import { lend } from './lender.ts';
import { cpuSeconds, peakMegabytes } from './usage.ts';

const apps = join(import.meta.dirname, '..', '..', '..', '..', 'apps');

/** Where ingest-service runs: real servers with the settings of an installation, the built service, and a source that only hands out what was made before. */
export interface IngestPlace {
  readonly database: Client;
  readonly sourceOrigin: string;
  /** Tells that a connection has a token, which begins its first run. @returns the connection's id */
  connect(): string;
  /** Seconds of processor time used so far. */
  cpu(): Promise<{ readonly postgres: number; readonly ingest: number; readonly source: number; readonly bench: number }>;
  /** The most memory ingest-service ever held. */
  peakMegabytes(): Promise<number>;
  stop(): Promise<void>;
}

/** @param source arguments of the source */
export async function anIngestPlace(source: readonly string[]): Promise<IngestPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
  const [postgres, nats, auth, ingest] = await Promise.all([startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword: 'bench' }), startNats(folder), someServiceKeys(), someServiceKeys()]);
  const started: ChildProcess[] = [];
  const database = new Client({ connectionString: postgres.url });
  let bus: NatsConnection | undefined;
  const stop = async (): Promise<void> => {
    await bus?.close();
    for (const child of started) child.kill('SIGKILL');
    await database.end();
    nats.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await database.connect();
    await makeRoles(postgres.url);
    await database.query('grant create on database postgres to tributary_ingest');
    await writeFile(join(folder, 'keys.json'), JSON.stringify(ingest));
    await writeFile(join(folder, 'peers.json'), JSON.stringify({ 'auth-service': publicKeys(auth), 'ingest-service': publicKeys(ingest) }));
    const sourceProcess = fork(join(import.meta.dirname, 'source.ts'), source, { stdio: 'inherit' });
    started.push(sourceProcess);
    const [sourcePort] = (await once(sourceProcess, 'message')) as [number];
    const sourceOrigin = `http://localhost:${sourcePort}`;
    const servicePort = await freePort();
    const service = spawn(process.execPath, [...nodeFlags['ingest-service'], join(apps, 'ingest-service', 'dist', 'main.js')], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        NODE_ENV: 'development', TRIBUTARY_SERVICE_PORT: String(servicePort), TRIBUTARY_DATA_DIR: folder, TRIBUTARY_LOG_LEVEL: 'warn', DATABASE_URL: withUser(postgres.url, 'tributary_ingest'),
        NATS_URL: `nats://ingest:ingest@127.0.0.1:${nats.port}`, TRIBUTARY_SERVICE_KEYS_FILE: join(folder, 'keys.json'), TRIBUTARY_PEER_KEYS_FILE: join(folder, 'peers.json'),
        SALESFORCE_EXTRA_ORIGINS: sourceOrigin, TRIBUTARY_SYNC_INTERVAL_SECONDS: '86400',
      },
    });
    started.push(service);
    await untilReady(`http://127.0.0.1:${servicePort}`);
    const onBus = await connect({ servers: `127.0.0.1:${nats.port}`, user: 'auth', pass: 'auth', inboxPrefix: '_INBOX_auth' });
    bus = onBus;
    lend(onBus, sourceOrigin, auth, ingest);
    return {
      database, sourceOrigin,
      connect: () => {
        const id = ConnectionId.parse(randomUUID());
        onBus.publish(tokenReady.subject(id), JSON.stringify(tokenReady.create({ connectionId: id, orgId: OrgId.parse('00D000000000001EAA'), epoch: 1, flow: 'refresh-token' })));
        return id;
      },
      cpu: async () => ({
        postgres: await cpuSeconds(postgres.pid), ingest: await cpuSeconds(service.pid ?? 0), source: await cpuSeconds(sourceProcess.pid ?? 0), bench: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
      }),
      peakMegabytes: () => peakMegabytes(service.pid ?? 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Schema of a connection's rows. */
export function warehouseOf(connectionId: string): string {
  return `c_${connectionId.replaceAll('-', '')}`;
}

/** Lets every object of connections fall due in the same moment, as after a day. @returns the moment by the database's clock */
export async function fallDue(database: Client, connectionIds: readonly string[]): Promise<string> {
  await database.query(`update ingest.object_turn set read_at = read_at - interval '2 days' where connection_id = any($1)`, [connectionIds]);
  const { rows: [due] } = await database.query<{ at: string }>('update ingest.connection set next_sync_at = now() where id = any($1) returning now()::text as at', [connectionIds]);
  return due?.at ?? '';
}

/** Waits for the end of a connection's n-th run and its agreeing receipts. @returns seconds it took by the database's clock, from its opening to its last commit */
export async function finishedRun({ database }: IngestPlace, connectionId: string, number: number): Promise<number> {
  for (;;) {
    const { rows: runs } = await database.query<{ status: string; reasons: unknown; seconds: number }>(
      `select status, reasons, extract(epoch from finished_at - started_at)::float8 as seconds from ingest.sync_run where connection_id = $1 order by started_at`, [connectionId]);
    const run = runs[number - 1];
    if (run === undefined || run.status === 'running') {
      await sleep(50);
      continue;
    }
    const { rows: [receipts] } = await database.query<{ disagreeing: string; all: string }>(`select count(*) filter (where not complete) as disagreeing, count(*) as all from ${warehouseOf(connectionId)}.receipt`);
    if (run.status !== 'complete' || receipts?.disagreeing !== '0' || receipts.all === '0') throw new Error(`the run ended ${run.status}: ${JSON.stringify(run.reasons)}`);
    return run.seconds;
  }
}
