import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import './provided-context.ts';

/** Starts one PostgreSQL for a project's run and finds nats-server; each test file makes databases and servers of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = { postgresUrl: process.env['TRIBUTARY_TEST_POSTGRES_URL'], natsServer: process.env['NATS_SERVER_BIN'] };
  if (running.postgresUrl !== undefined && running.natsServer !== undefined) {
    project.provide('postgresUrl', running.postgresUrl);
    project.provide('natsServer', running.natsServer);
    return async () => undefined;
  }
  const { resolveNatsServer, startEmbeddedPostgres } = await import('@tributary/launcher');
  const folder = await mkdtemp(join(tmpdir(), 'tributary-test-'));
  const [postgres, natsServer] = await Promise.all([
    startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword: 'test', durable: false }),
    resolveNatsServer(),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('natsServer', natsServer.path);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
