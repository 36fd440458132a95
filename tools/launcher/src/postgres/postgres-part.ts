import { freePort } from '../places/free-port.ts';
import type { LogFile } from '../supervise/log-file.ts';
import type { Part } from '../supervise/part.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

export interface PostgresPart {
  readonly part: Part;
  /** Superuser's address of the server. */
  readonly url: string;
}

/** The embedded PostgreSQL; its port stays the same over restarts. */
export async function postgresPart(dataDir: string, superuserPassword: string, log: LogFile): Promise<PostgresPart> {
  const port = await freePort();
  const start: Part['start'] = async () => {
    const server = await startEmbeddedPostgres({ dataDir, port, superuserPassword, logFile: log.path });
    return { pid: server.pid, ended: server.ended.then(() => 'no longer runs'), ready: async () => undefined, stop: () => server.stop(), kill: () => server.kill() };
  };
  return { part: { name: 'postgresql', start }, url: `postgresql://postgres:${superuserPassword}@127.0.0.1:${port}/postgres` };
}
