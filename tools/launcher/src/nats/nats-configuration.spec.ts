import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busPermissions } from '@tributary/event-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Guard } from '../supervise/guard.ts';
import { LogFile } from '../supervise/log-file.ts';
import type { RunningPart } from '../supervise/part.ts';
import { busUsers, natsConfiguration, type BusUser } from './nats-configuration.ts';
import { natsPart, type NatsPart } from './nats-part.ts';
import { resolveNatsServer } from './resolve-nats-server.ts';

const passwords = Object.fromEntries(busUsers.map((user) => [user, `secret-of-${user}`])) as Record<BusUser, string>;
let folder: string;
let guard: Guard;
let nats: NatsPart;
let running: RunningPart;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-nats-spec-'));
  guard = new Guard();
  nats = await natsPart(await resolveNatsServer(), folder, passwords, new LogFile(join(folder, 'nats.log')), guard);
  running = await nats.part.start();
  await running.ready();
});
afterAll(async () => {
  await running.stop();
  guard.release();
  await rm(folder, { recursive: true, force: true });
});

/** Speaks the text protocol, and gives what the server answers until its next PONG. */
async function say(user: string, password: string, ...lines: string[]): Promise<string> {
  const socket: Socket = connect(nats.port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${JSON.stringify({ user, pass: password, verbose: false })}\r\n${lines.map((line) => `${line}\r\n`).join('')}PING\r\n`);
  for (let waited = 0; waited < 5_000 && !heard.includes('PONG') && !socket.closed; waited += 10) await sleep(10);
  socket.destroy();
  return heard;
}

const publish = (user: BusUser, subject: string): Promise<string> => say(user, passwords[user], `PUB ${subject} 2`, '{}');
const denied = /Permissions Violation/;

describe('the embedded NATS server', () => {
  it('lets nobody in without the right password', async () => {
    expect(await say('auth', 'wrong')).toMatch(/Authorization Violation/);
    expect(await say('', '')).toMatch(/Authorization Violation/);
  });

  it('lets each service publish its own events, and nobody else’s', async () => {
    expect(await publish('auth', 'tributary.auth.token.ready')).not.toMatch(denied);
    expect(await publish('ingest', 'tributary.ingest.window.committed')).not.toMatch(denied);
    expect(await publish('ingest', 'tributary.auth.token.ready')).toMatch(denied);
    expect(await publish('gateway', 'tributary.ingest.window.committed')).toMatch(denied);
  });

  it('lets only ingest ask for an access token', async () => {
    expect(await publish('ingest', 'tributary.rpc.auth.lease')).not.toMatch(denied);
    expect(await publish('gateway', 'tributary.rpc.auth.lease')).toMatch(denied);
    expect(await publish('analytics', 'tributary.rpc.auth.lease')).toMatch(denied);
  });

  it('lets no service delete or purge the stream, or listen to the replies of another', async () => {
    for (const user of ['auth', 'ingest', 'analytics', 'gateway'] as const) {
      expect(await publish(user, '$JS.API.STREAM.DELETE.EVT')).toMatch(denied);
      expect(await publish(user, '$JS.API.STREAM.PURGE.EVT')).toMatch(denied);
    }
    expect(await say('gateway', passwords.gateway, 'SUB _INBOX_auth.> 1')).toMatch(denied);
    expect(await say('auth', passwords.auth, 'SUB _INBOX_auth.> 1')).not.toMatch(denied);
  });

  it('lets each service publish and hear what the matrix says, and denies the rest', async () => {
    const services = ['auth', 'ingest', 'analytics', 'gateway'] as const;
    /** Who may, of the four; everybody else is denied. */
    const mayPublish: Readonly<Record<string, readonly string[]>> = {
      'tributary.auth.token.ready': ['auth'], 'tributary.ingest.window.committed': ['ingest'], 'tributary.analytics.dataset.refreshed': ['analytics'], 'tributary.gateway.any': [], 'tributary.other.any': [],
      'tributary.rpc.auth.lease': ['ingest'], 'tributary.rpc.auth.connection.list': ['gateway'], 'tributary.rpc.ingest.run.start': ['gateway'], 'tributary.rpc.ingest.doctor.probe': ['auth'], 'tributary.rpc.analytics.query': ['gateway'],
      'tributary.live.x': ['auth', 'ingest', 'analytics'], '_INBOX_auth.x': [], '_INBOX_gateway.x': [], 'any.subject': [],
      '$JS.API.INFO': ['auth', 'ingest', 'analytics'], '$JS.API.STREAM.CREATE.EVT': ['auth', 'ingest', 'analytics'], '$JS.API.STREAM.UPDATE.EVT': [], '$JS.API.STREAM.PURGE.EVT': [], '$JS.API.STREAM.DELETE.EVT': [], '$JS.API.STREAM.MSG.GET.EVT': [],
      '$JS.API.CONSUMER.MSG.NEXT.EVT.ingest_auth': ['ingest'], '$JS.API.CONSUMER.MSG.NEXT.EVT.analytics_auth': ['analytics'], '$JS.API.CONSUMER.DELETE.EVT.ingest_auth': [], '$JS.ACK.EVT.ingest_auth.1.1.1.1.0': ['ingest'], '$JS.ACK.EVT.analytics_ingest.1.1.1.1.0': ['analytics'],
    };
    const mayHear: Readonly<Record<string, readonly string[]>> = {
      ...Object.fromEntries(services.map((user) => [`_INBOX_${user}.>`, [user]])), 'tributary.rpc.auth.>': ['auth'], 'tributary.rpc.ingest.>': ['ingest'], 'tributary.rpc.analytics.>': ['analytics'],
      'tributary.live.>': ['gateway'], 'tributary.auth.>': [], 'tributary.>': [], '>': [], '_INBOX.>': [], '$JS.EVENT.ADVISORY.>': [], '$SYS.>': [],
    };
    const differing: string[] = [];
    for (const user of services) {
      for (const [verb, subjects] of [['PUB', mayPublish], ['SUB', mayHear]] as const) {
        for (const [subject, allowed] of Object.entries(subjects)) {
          const isDenied = denied.test(verb === 'PUB' ? await publish(user, subject) : await say(user, passwords[user], `SUB ${subject} 1`));
          if (isDenied === allowed.includes(user)) differing.push(`${user} ${verb} ${subject}`);
        }
      }
    }
    expect(differing).toEqual([]);
  }, 60_000);

  it('has no other way in: no right on the whole interface of the stream, no other listener, nobody without a password', () => {
    const configuration = natsConfiguration({ host: '10.0.0.5', port: 4222, monitorPort: 8222, storeFolder: '/x', maxStoreBytes: 3, version: '2.12.0', passwords });
    const members = [...configuration.matchAll(/^(\w+)(?::| \{)/gm)].map(([, name]) => name);
    expect(members).toEqual(['host', 'port', 'http', 'server_name', 'max_payload', 'max_connections', 'lame_duck_duration', 'lame_duck_grace_period', 'jetstream', 'authorization']);
    expect(configuration).toContain('http: "127.0.0.1:8222"');
    expect(configuration).not.toMatch(/no_auth_user|websocket|leafnodes|cluster|gateway \{|mqtt|system_account|no_auth|allow_non_tls/);
    const users = configuration.split('\n').filter((line) => line.includes('{ user: ')).map((line) => [/user: (\w+)/.exec(line)?.[1], /password: "[^"]+"/.test(line)]);
    expect(users).toEqual(busUsers.map((user) => [user, true]));
    for (const [user, { publish: may, subscribe }] of Object.entries(busPermissions()).filter(([name]) => name !== 'admin')) expect([user, [...may, ...subscribe].filter((subject) => /^(\$JS\.(API\.)?>|\$SYS.*|>|\*.*|_INBOX\.>)$/.test(subject))]).toEqual([user, []]);
  });

  it('writes each message to the disk at once where the server can', () => {
    const configuration = (version: string): string => natsConfiguration({ host: '127.0.0.1', port: 1, monitorPort: 2, storeFolder: '/x', maxStoreBytes: 3, version, passwords });
    expect(configuration('2.10.27')).toContain('sync_interval: always');
    expect(configuration('2.9.10')).not.toContain('sync_interval');
    expect(configuration('2.9.10')).toContain('max_file_store: 3');
  });
});
