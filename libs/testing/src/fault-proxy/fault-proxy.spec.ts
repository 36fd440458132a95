import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { FaultProxy, type ProxyFaults } from './fault-proxy.ts';

let echo: Server;
const echoed: Socket[] = [];

beforeAll(async () => {
  echo = createServer((socket) => {
    echoed.push(socket.on('error', () => undefined));
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
});

afterAll(() => {
  for (const socket of echoed) socket.destroy();
  echo.close();
});

async function dialed(faults: ProxyFaults): Promise<{ proxy: FaultProxy; client: Socket; pieces: string[] }> {
  const address = echo.address();
  const proxy = await FaultProxy.start(typeof address === 'object' && address !== null ? address.port : 0, faults);
  const client = connect(proxy.port, '127.0.0.1');
  const pieces: string[] = [];
  client.on('data', (piece: Buffer) => pieces.push(piece.toString())).on('error', () => undefined);
  await once(client, 'connect');
  onTestFinished(async () => {
    client.destroy();
    await proxy.stop();
  });
  return { proxy, client, pieces };
}

async function said(client: Socket, pieces: readonly string[], text: string): Promise<string> {
  client.write(text);
  while (pieces.join('').length < text.length) await once(client, 'data');
  return pieces.join('');
}

/** Waits for the end of a socket, whether in order or not. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : void socket.once('close', () => resolve())));
}

it('carries both ways as if it were not there, and an end in order', async () => {
  const { client, pieces } = await dialed({});
  expect(await said(client, pieces, 'hello')).toBe('hello');
  client.end();
  await closed(client);
  expect(client.errored).toBeNull();
});

it('cuts into small pieces', async () => {
  const { client, pieces } = await dialed({ down: { sliceBytes: 1 } });
  expect(await said(client, pieces, 'slices')).toBe('slices');
  // Two of them may meet in the reader's buffer.
  expect(pieces.length).toBeGreaterThan(2);
});

it.each<[string, ProxyFaults, number]>([['holds each piece', { up: { latencyMs: 150 } }, 150], ['lets so many bytes pass in a second', { down: { bytesPerSecond: 1_000 } }, 300]])('%s', async (_what, faults, leastMs) => {
  const { client, pieces } = await dialed(faults);
  const startedAt = performance.now();
  await said(client, pieces, 'x'.repeat(300));
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(leastMs - 5);
});

it.each([['reset', 'ECONNRESET'], ['close', undefined]] as const)('ends a connection by %s after so many bytes', async (atLimit, code) => {
  const { client, pieces } = await dialed({ down: { limitBytes: 4, atLimit } });
  client.write('hello');
  await closed(client);
  expect([pieces.join(''), client.errored]).toEqual(['hell', code === undefined ? null : expect.objectContaining({ code })]);
});

it('is silent after so many bytes, and neither end is told', async () => {
  const { client, pieces } = await dialed({ down: { limitBytes: 4, atLimit: 'silence' } });
  await said(client, pieces, 'hell');
  client.write('more');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([pieces.join(''), client.closed, echoed.at(-1)?.closed]).toEqual(['hell', false, false]);
});

it('is a black hole for what is dialed, half-open for what is there, and lets the bytes go when it is over', async () => {
  const { proxy, client, pieces } = await dialed({ up: { silent: true } });
  client.write('late');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(pieces).toEqual([]);
  proxy.set({});
  while (pieces.join('') !== 'late') await once(client, 'data');
  proxy.set({ down: { silent: true } });
  client.write('r');
  echoed.at(-1)?.destroy();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect([pieces.join(''), client.closed]).toEqual(['late', false]);
});

it('leaves no socket behind', async () => {
  const { proxy, client } = await dialed({ up: { silent: true }, down: { silent: true } });
  client.write('x');
  const { port } = proxy;
  await proxy.stop();
  await proxy.stop();
  await closed(client);
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
