import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { leaseAccessToken, LeaseRequestClaims } from '@tributary/api-contracts';
import { ConnectionId, OrgId, tokenReady } from '@tributary/event-contracts';
import { startEmbeddedPostgres } from '@tributary/launcher';
import { CompactEncrypt, decodeJwt, SignJWT } from 'jose';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { opportunityFields } from './ingest-fields.ts';
import { freePort, makeRoles, startNats, untilReady, withUser } from './place.ts';
import { asymmetricKey, publicKeys, someServiceKeys, type ServiceKeys } from './service-keys.ts';

// node src/ingest.bench.ts [rows] [times]: pages of a Bulk export into the warehouse, beside the floor of the same pages streamed into COPY.
const [, , rowsArgument = '100000', timesArgument = '3'] = process.argv;
const rows = Number(rowsArgument);
const times = Number(timesArgument);
const changedRows = Math.min(10_000, rows);
const ingestMain = process.env['BENCH_INGEST_MAIN'] ?? join(import.meta.dirname, '..', '..', '..', 'apps', 'ingest-service', 'dist', 'main.js');

const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
const [postgres, nats, auth, ingest] = await Promise.all([startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword: 'bench' }), startNats(folder), someServiceKeys(), someServiceKeys()]);
await makeRoles(postgres.url);
const database = new Client({ connectionString: postgres.url });
await database.connect();
await database.query('grant create on database postgres to tributary_ingest');
await writeFile(join(folder, 'keys.json'), JSON.stringify(ingest));
await writeFile(join(folder, 'peers.json'), JSON.stringify({ 'auth-service': publicKeys(auth), 'ingest-service': publicKeys(ingest) }));

const source = fork(join(import.meta.dirname, 'ingest-source.ts'), [String(rows), String(changedRows)], { stdio: 'inherit' });
const [sourcePort] = (await once(source, 'message')) as [number];
const sourceOrigin = `http://localhost:${sourcePort}`;
let service: ChildProcess | undefined;
let bus: NatsConnection | undefined;
/** The connection that was made last. */
let connectionId = '';

try {
  const servicePort = await freePort();
  service = spawn(process.execPath, [ingestMain], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      NODE_ENV: 'development', TRIBUTARY_SERVICE_PORT: String(servicePort), TRIBUTARY_DATA_DIR: folder, TRIBUTARY_LOG_LEVEL: 'warn', DATABASE_URL: withUser(postgres.url, 'tributary_ingest'),
      NATS_URL: `nats://ingest:ingest@127.0.0.1:${nats.port}`, TRIBUTARY_SERVICE_KEYS_FILE: join(folder, 'keys.json'), TRIBUTARY_PEER_KEYS_FILE: join(folder, 'peers.json'),
      SALESFORCE_EXTRA_ORIGINS: sourceOrigin, TRIBUTARY_SYNC_INTERVAL_SECONDS: '86400',
    },
  });
  await untilReady(`http://127.0.0.1:${servicePort}`);
  bus = await connect({ servers: `127.0.0.1:${nats.port}`, user: 'auth', pass: 'auth', inboxPrefix: '_INBOX_auth' });
  lend(bus, auth, ingest);
  const { bytes, pages } = (await (await fetch(`${sourceOrigin}/round?number=0`)).json()) as { bytes: number; pages: number };
  console.log(`${cpus().length} cores, Node ${process.version}: ${rows.toLocaleString('en')} rows of ${opportunityFields.length} columns, ${Math.round(bytes / 1e6)} MB of CSV in ${pages} pages`);
  await compare(bus, pages);
  await increments();
  console.log(`peak memory of ingest-service: ${await peakMegabytes(service.pid ?? 0)} MB`);
} finally {
  await bus?.close();
  service?.kill('SIGKILL');
  source.kill('SIGKILL');
  await database.end();
  nats.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Floor and product by turns, so that whatever else the machine does meets both. */
async function compare(connection: NatsConnection, pages: number): Promise<void> {
  const floors: number[] = [];
  const loads: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    floors.push(await seconds(() => floor(pages)));
    loads.push(await firstLoad(connection));
    console.log(`turn ${turn + 1}: floor ${floors.at(-1)?.toFixed(2)} s, product ${loads.at(-1)?.toFixed(2)} s`);
  }
  console.log(`medians: floor ${median(floors).toFixed(2)} s, product ${median(loads).toFixed(2)} s = ${Math.round(rows / median(loads)).toLocaleString('en')} rows/s; ratio ${(median(loads) / median(floors)).toFixed(2)}`);
}

/** All pages streamed straight into COPY of the same typed table with the same key: no parsing, no counting. */
async function floor(pages: number): Promise<void> {
  await database.query('drop table if exists floor');
  await database.query('begin');
  await database.query(`create table floor (${opportunityFields.map(([field, , type]) => `${field.toLowerCase()} ${type}${field === 'Id' ? ' primary key' : ''}`).join(', ')})`);
  await database.query('commit');
  await database.query('begin');
  for (let page = 0; page < pages; page += 1) {
    const [answer] = (await once(get(`${sourceOrigin}/services/data/v66.0/jobs/query/x/results?locator=${page}`), 'response')) as [IncomingMessage];
    await pipeline(answer, database.query(copyFrom('copy floor from stdin (format csv, header true, force_null *)')));
  }
  await database.query('commit');
}

/** From the consent of a new connection to the committed receipt. @returns seconds from the start of the run */
async function firstLoad(connection: NatsConnection): Promise<number> {
  if (connectionId !== '') await database.query(`drop schema ${warehouse()} cascade`);
  connectionId = randomUUID();
  const id = ConnectionId.parse(connectionId);
  connection.publish(tokenReady.subject(id), JSON.stringify(tokenReady.create({ connectionId: id, orgId: OrgId.parse('00D000000000001EAA'), epoch: 1, flow: 'refresh-token' })));
  return finishedRun(1);
}

function warehouse(): string {
  return `c_${connectionId.replaceAll('-', '')}`;
}

/** Waits for the end of the connection's n-th run. @returns seconds it took by the database's clock, from its opening to its last commit */
async function finishedRun(number: number): Promise<number> {
  for (;;) {
    const { rows: runs } = await database.query<{ status: string; reasons: unknown; seconds: number }>(
      `select status, reasons, extract(epoch from finished_at - started_at)::float8 as seconds from ingest.sync_run where connection_id = $1 order by started_at`, [connectionId]);
    const run = runs[number - 1];
    if (run === undefined || run.status === 'running') {
      await sleep(50);
      continue;
    }
    const { rows: [receipt] } = await database.query<{ complete: boolean; parsed: string }>(`select complete, parsed from ${warehouse()}.receipt order by committed_at desc limit 1`);
    if (run.status !== 'complete' || receipt?.complete !== true) throw new Error(`the run ended ${run.status}: ${JSON.stringify(run.reasons)}`);
    return run.seconds;
  }
}

async function increments(): Promise<void> {
  const taken: number[] = [];
  for (let turn = 1; turn <= times; turn += 1) {
    await fetch(`${sourceOrigin}/round?number=${turn}`);
    await database.query('update ingest.connection set next_sync_at = now() where id = $1', [connectionId]);
    taken.push(await finishedRun(turn + 1));
  }
  const { rows: [found] } = await database.query<{ rows: string; kept: string }>(`select (select count(*) from ${warehouse()}.opportunity) as rows, (select count(*) from ${warehouse()}.record_version) as kept`);
  console.log(`${changedRows.toLocaleString('en')} changed rows into ${Number(found?.rows).toLocaleString('en')}: median ${median(taken).toFixed(2)} s of ${taken.map((value) => value.toFixed(2)).join(', ')} (${found?.kept} earlier versions kept)`);
}

/** Lends a token as auth-service does. */
function lend(connection: NatsConnection, own: ServiceKeys, asking: ServiceKeys): void {
  connection.subscribe(leaseAccessToken.subject, {
    callback: (_error, message) => {
      const { jti, connectionId: asked } = LeaseRequestClaims.parse(decodeJwt(message.json<{ request: string }>().request));
      void sealed(jti, asked, own, asking).then((reply) => message.respond(JSON.stringify({ reply: { reply } })));
    },
  });
}

async function sealed(jti: string, asked: string, own: ServiceKeys, asking: ServiceKeys): Promise<string> {
  const claims = {
    connectionId: asked, epoch: 1, issuedAt: new Date().toISOString(), flow: 'refresh-token', instanceUrl: sourceOrigin, apiVersion: null, accessToken: 'bench', leaseUntil: new Date(Date.now() + 900_000).toISOString(),
  };
  const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' }).setIssuer('auth-service').setAudience('ingest-service').setJti(jti).setExpirationTime('60s').sign(await asymmetricKey(own.sign, 'EdDSA'));
  return new CompactEncrypt(new TextEncoder().encode(signed)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'JWT' }).encrypt(await asymmetricKey(publicKeys(asking).encrypt, 'ECDH-ES+A256KW'));
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The most a process ever held. */
async function peakMegabytes(pid: number): Promise<number> {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
