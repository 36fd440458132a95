import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems hand out for outgoing connections: one of those could be taken again before it is listened on. */
const range = { from: 20_000, size: 12_000 };
const tries = 200;

/** A TCP port nobody listens on at the moment, on the loopback addresses. @throws when none is found */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = range.from + randomInt(range.size);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port was found between ${range.from} and ${range.from + range.size}`);
}

/** Whether the port can be listened on, on both loopback addresses: browsers try either for `localhost`. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await portTrouble(port)) === undefined;
}

/** Why the port cannot be listened on: another program has it, or this account may not; undefined when it can. */
export async function portTrouble(port: number): Promise<'taken' | 'forbidden' | undefined> {
  return (await listeningOn(port, '127.0.0.1')) ?? (await listeningOn(port, '::1'));
}

function listeningOn(port: number, host: string): Promise<'taken' | 'forbidden' | undefined> {
  const { promise, resolve } = Promise.withResolvers<'taken' | 'forbidden' | undefined>();
  const server = createServer();
  // A machine without IPv6 refuses the address itself, which says nothing about the port.
  server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE' ? 'taken' : code === 'EACCES' ? 'forbidden' : undefined));
  server.listen(port, host, () => server.close(() => resolve(undefined)));
  return promise;
}
