// One PostgreSQL for the tests of all projects, and the nats-server they start themselves; lives as long as its parent.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveNatsServer } from '../nats/resolve-nats-server.ts';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.ts';
import { messageOf } from '../terminal/start-problem.ts';

const folder = await mkdtemp(join(tmpdir(), 'tributary-test-'));
let stop = (): Promise<void> => rm(folder, { recursive: true, force: true });
const end = (code: number): void => void stop().finally(() => process.exit(code));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => end(0));

try {
  const natsServer = await resolveNatsServer({ onProgress: (line) => void process.stdout.write(`${line}\n`) });
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword: 'test', durable: false });
  stop = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  process.send?.({ postgresUrl: postgres.url, natsServer: natsServer.path });
} catch (error) {
  process.send?.({ problem: messageOf(error) });
  end(1);
}
