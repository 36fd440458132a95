import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

  it('writes each message to the disk at once where the server can', () => {
    const configuration = (version: string): string => natsConfiguration({ host: '127.0.0.1', port: 1, monitorPort: 2, storeFolder: '/x', maxStoreBytes: 3, version, passwords });
    expect(configuration('2.10.27')).toContain('sync_interval: always');
    expect(configuration('2.9.10')).not.toContain('sync_interval');
    expect(configuration('2.9.10')).toContain('max_file_store: 3');
  });
});
