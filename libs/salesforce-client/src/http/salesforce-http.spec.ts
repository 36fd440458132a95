import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { Unavailable } from '@tributary/failures';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aServer, json, rejectionOf, type LocalServer } from '../spec-support/local-server.ts';
import type { BodyLimits } from './answer-body.ts';
import { HostRules } from './host-rules.ts';
import { SalesforceHttp, type ObservedCall } from './salesforce-http.ts';

const path = '/services/data/v66.0/limits';
const secret = { authorization: 'Bearer 00DXX!very.secret' };

/** A server below HTTP: what it writes is what the client gets. */
async function aRawServer(answer: (socket: Socket) => void): Promise<{ origin: string; http: SalesforceHttp }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const http = new SalesforceHttp({ hostRules: new HostRules({ extraOrigins: [origin] }), version: '0.0.0' });
  onTestFinished(async () => {
    server.close();
    await http.close();
  });
  return { origin, http };
}

async function read(body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}

describe('where a call may go', () => {
  it.each(['https://evil.example', 'http://login.salesforce.com', 'https://acme.my.salesforce.com.evil.example', 'http://127.0.0.1:1'])('refuses %s before dialing', async (origin) => {
    const seen: ObservedCall[] = [];
    const { http } = await aServer(() => undefined, { onCall: (call) => seen.push(call) });
    expect(await rejectionOf(http.call({ method: 'GET', origin, path }))).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(seen).toEqual([]);
  });

  it.each([['POST', '/services/data/v66.0/sobjects/Account'], ['GET', '//evil.example/services/data'], ['GET', '/services/data/v66.0/query/../../../evil']] as const)('refuses %s %s before dialing', async (method, refused) => {
    const { http, origin, requests } = await aServer((_request, response) => json(response, 200, {}));
    expect(await rejectionOf(http.call({ method, origin, path: refused }))).toMatchObject({ code: 'CALL_NOT_ALLOWED' });
    expect(requests).toEqual([]);
  });

  it('follows no redirect, least of all with the token', async () => {
    const elsewhere = await aServer((_request, response) => json(response, 200, {}));
    const { http, origin } = await aServer((_request, response) => void response.writeHead(302, { location: `${elsewhere.origin}${path}` }).end());
    const answer = await http.text({ method: 'GET', origin, path, headers: secret });
    expect(answer.status).toBe(302);
    expect(elsewhere.requests).toEqual([]);
  });

  it('is told as not sent when nobody listens there', async () => {
    const { origin, server, http } = await aServer(() => undefined);
    server.close();
    await once(server, 'close');
    expect(await rejectionOf(http.text({ method: 'POST', origin, path: '/services/oauth2/token', freshSocket: true }))).toMatchObject({ code: 'SALESFORCE_UNREACHABLE', details: { sent: false, code: 'ECONNREFUSED' } });
  });
});

describe('what is told and remembered', () => {
  it('names the product and asks for gzip', async () => {
    const { http, origin, requests } = await aServer((_request, response) => json(response, 200, {}));
    await http.text({ method: 'GET', origin, path });
    expect(requests[0]?.headers).toMatchObject({ 'user-agent': 'tributary/0.0.0', 'sforce-call-options': 'client=tributary/0.0.0', 'accept-encoding': 'gzip', accept: 'application/json' });
  });

  it('observes path, status and usage, but no query and no header', async () => {
    const seen: ObservedCall[] = [];
    const { http, origin } = await aServer((_request, response) => json(response, 200, {}, { 'sforce-limit-info': 'api-usage=25/5000; per-app-api-usage=17/250(appName=sample-app)', 'x-sfdc-request-id': 'a2932486' }), { onCall: (call) => seen.push(call) });
    await http.text({ method: 'GET', origin, path: '/services/data/v66.0/query?q=SELECT%20Secret__c%20FROM%20Account', headers: secret });
    expect(seen).toEqual([{ method: 'GET', path: '/services/data/v66.0/query', status: 200, ms: expect.any(Number), requestId: 'a2932486', apiUsage: { used: 25, limit: 5000 }, rows: undefined, serverTime: expect.any(Date) }]);
    expect(JSON.stringify(seen)).not.toMatch(/secret/i);
  });

  it('observes a lost answer with status 0, and through an observer of its own', async () => {
    const own: ObservedCall[] = [];
    const { http, origin } = await aServer((_request, response) => void response.destroy());
    await rejectionOf(http.observedBy((call) => own.push(call)).text({ method: 'GET', origin, path }));
    expect(own).toMatchObject([{ status: 0, apiUsage: undefined }]);
  });
});

describe('a body', () => {
  const small: BodyLimits = { maxBytes: 4_000_000, maxRatio: 400, ratioFromBytes: 100_000 };
  const stream = ({ http, origin }: Pick<LocalServer, 'http' | 'origin'>) => http.call({ method: 'GET', origin, path });

  it('is unpacked', async () => {
    const { http, origin } = await aServer((_request, response) => void response.writeHead(200, { 'content-encoding': 'GZIP' }).end(gzipSync('{"a":1}')));
    expect((await http.text({ method: 'GET', origin, path })).text).toBe('{"a":1}');
  });

  it('in an encoding nobody asked for is refused', async () => {
    const server = await aServer((_request, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end('x'));
    expect(await rejectionOf(stream(server))).toMatchObject({ code: 'ANSWER_ENCODING_UNKNOWN' });
  });

  it('that unpacks a thousandfold is a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 ** 2));
    const server = await aServer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const { body } = await stream(server);
    const before = process.memoryUsage.rss();
    expect(await rejectionOf(read(body))).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  it('of mostly empty columns, which packs well, passes', async () => {
    const rows = Array.from({ length: 500 }, (_, row) => `"0065g00000${row}AAA","2026-11-20T08:15:${row % 60}.000Z"${',""'.repeat(800)}`).join('\n');
    const server = await aServer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(rows)), { limits: { ...small, ratioFromBytes: 1_000 } });
    expect(await read((await stream(server)).body)).toBe(rows.length);
  });

  it.each([['packed', true], ['plain', false]])('that never ends is cut at the limit: %s', async (_name, packed) => {
    const noise = Buffer.from(Array.from({ length: 65_536 }, (_, index) => (index * 7919 * (index % 13)) % 251));
    const server = await aServer((_request, response) => {
      response.writeHead(200, packed ? { 'content-encoding': 'gzip' } : {});
      const piece = packed ? gzipSync(noise) : noise;
      const more = (): void => void (response.destroyed || response.write(piece, () => setImmediate(more)));
      more();
    }, { limits: { ...small, maxRatio: Infinity } });
    expect(await rejectionOf(read((await stream(server)).body))).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
  });

  it('of an OAuth answer has one mebibyte at most', async () => {
    const { http, origin } = await aServer((_request, response) => void response.writeHead(200).end(Buffer.alloc(1024 ** 2 + 1)));
    expect(await rejectionOf(http.text({ method: 'POST', origin, path: '/services/oauth2/token' }))).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
  });

  const cut = (head: string, body: Buffer) => (socket: Socket) => void socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`), body]), () => socket.end());
  const packed = gzipSync('x'.repeat(100_000));
  it.each([
    ['shorter than its content length', cut('content-length: 100', Buffer.from('short'))],
    ['without its last chunk', cut('transfer-encoding: chunked', Buffer.from('5\r\nshort\r\n'))],
    ['with garbage for a chunk', cut('transfer-encoding: chunked', Buffer.from('5\r\nshort\r\nzz\r\n'))],
    ['whose packed bytes end early', cut(`content-encoding: gzip\r\ncontent-length: ${packed.length - 20}`, packed.subarray(0, -20))],
    ['whose packed bytes are broken', cut(`content-encoding: gzip\r\ncontent-length: ${packed.length}`, Buffer.from(packed.map((byte, index) => (index === packed.length - 6 ? byte ^ 1 : byte))))],
    ['that is not packed although it says so', cut('content-encoding: gzip\r\ncontent-length: 5', Buffer.from('plain'))],
  ])('%s is an error, read as text or as a stream, never a short read', async (_name, answer) => {
    const server = await aRawServer(answer);
    expect(await rejectionOf(server.http.text({ method: 'GET', origin: server.origin, path }))).toMatchObject({ code: 'SALESFORCE_UNREACHABLE', details: { sent: true } });
    expect(await rejectionOf(stream(server).then(({ body }) => read(body)))).toBeInstanceOf(Error);
  });

  it('that breaks before its reader comes still gives the error to the reader', async () => {
    const server = await aRawServer(cut('content-encoding: gzip\r\ncontent-length: 5', Buffer.from('plain')));
    const { body } = await stream(server);
    await new Promise((resolve) => body.once('close', resolve));
    expect(await rejectionOf(read(body))).toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  it('that trickles for ever ends at the deadline', async () => {
    const { http, origin } = await aRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    const asked = http.text({ method: 'GET', origin, path, timeoutMs: 400 });
    expect(await rejectionOf(asked)).toMatchObject({ code: 'SALESFORCE_UNREACHABLE', details: { sent: true, code: 'DEADLINE' } });
  });

  it('nobody reads frees its socket when it is destroyed', async () => {
    const server = await aServer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).write(packed));
    const { body } = await stream(server);
    const closed = new Promise((resolve) => server.server.once('connection', (socket) => socket.once('close', resolve)));
    body.destroy();
    const { body: next } = await stream(server);
    next.destroy();
    await closed;
  });
});

describe('a call whose leave ends', () => {
  it.each([['before the answer', false], ['within its body', true]])('%s fails with the reason of that, and leaves once', async (_when, begins) => {
    const [ends, lost] = [new AbortController(), new Unavailable('CALL_SLOT_LOST', 'lost')];
    let left = 0;
    const server = await aServer((_request, response) => {
      if (begins) response.writeHead(200).write('some');
    }, { gate: async () => ({ ended: ends.signal, leave: () => (left += 1) }) });
    const asked = rejectionOf(server.http.text({ method: 'GET', origin: server.origin, path }));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    if (begins) await sleep(50);
    ends.abort(lost);
    expect(await asked).toBe(lost);
    expect(left).toBe(1);
  });
});

describe('a call that waits for its answer', () => {
  it('asks every few seconds whether the other end is still there, so that a dead link ends it within fifteen', async () => {
    const server = await aServer(() => undefined);
    const asked = server.http.text({ method: 'GET', origin: server.origin, path, timeoutMs: 1_000 }).catch((error: unknown) => error);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    expect(await probedWithinSeconds(Number(new URL(server.origin).port))).toBeLessThanOrEqual(5);
    await asked;
  });
});

/** Seconds until the system asks for a sign of life on the link to a port here; undefined when it does not. */
async function probedWithinSeconds(port: number): Promise<number | undefined> {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const line = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((text) => text.trim().split(/\s+/)).find(([, , to, state]) => to?.endsWith(remote) && state === '01');
  const [kind, ticks = ''] = line?.[5]?.split(':') ?? [];
  return kind === '02' ? Number.parseInt(ticks, 16) / 100 : undefined;
}
