import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { until } from '@tributary/testing';

interface Message {
  readonly subject: string;
  readonly payload: string;
}

/** The protocol of the broker, with the password of one of its users. Ends the connection when `talk` has ended. */
async function onBus<T>(dataDir: string, user: string, talk: (socket: Socket, received: () => string) => Promise<T>): Promise<T> {
  const configuration = await readFile(join(dataDir, 'nats', 'nats.conf'), 'utf8');
  const password = (await readFile(join(dataDir, 'secrets', `nats-${user}`), 'utf8')).trim();
  const socket = connect(Number(/^port: (\d+)/m.exec(configuration)?.[1]), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('utf8')));
  await once(socket, 'connect');
  socket.write(`CONNECT ${JSON.stringify({ verbose: false, pedantic: false, user, pass: password, lang: 'test', version: '0' })}\r\n`);
  try {
    return await talk(socket, () => {
      if (received.includes('-ERR')) throw new Error(received);
      return received;
    });
  } finally {
    socket.destroy();
  }
}

/** Publishes as a service would, and comes back when the broker has taken all of it. */
export async function publish(dataDir: string, user: string, messages: readonly Message[]): Promise<void> {
  await onBus(dataDir, user, async (socket, received) => {
    for (const { subject, payload } of messages) socket.write(`PUB ${subject} ${Buffer.byteLength(payload)}\r\n${payload}\r\n`);
    socket.write('PING\r\n');
    await until('the broker took the messages', () => received().includes('PONG'));
  });
}

/** Asks the broker about itself. @returns its answer as JSON */
export async function askBroker<T>(dataDir: string, subject: string): Promise<T> {
  return onBus(dataDir, 'admin', async (socket, received) => {
    socket.write(`SUB _INBOX_admin.e2e 1\r\nPUB ${subject} _INBOX_admin.e2e 0\r\n\r\n`);
    const answer = await until('the broker answered', () => /^MSG \S+ 1 \d+\r\n(.+)\r\n$/m.exec(received())?.[1]);
    return JSON.parse(answer) as T;
  });
}
