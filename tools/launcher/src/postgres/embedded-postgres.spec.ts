import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';

let folder: string;
let server: EmbeddedPostgres;
const start = (superuserPassword = 'p@ss word'): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), superuserPassword, durable: false });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-postgres-spec-'));
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ value: unknown }>(sql);
    return rows[0]?.value;
  } finally {
    await client.end();
  }
}

describe('embedded PostgreSQL', () => {
  it('is PostgreSQL 18 on the loopback address, with hashed passwords and a data folder nobody else can read', async () => {
    expect(await ask(server.url, "select current_setting('server_version') as value")).toMatch(/^18\./);
    expect(await ask(server.url, "select current_setting('listen_addresses') as value")).toBe('127.0.0.1');
    expect(await ask(server.url, "select rolpassword like 'SCRAM-SHA-256$%' as value from pg_authid where rolname = 'postgres'")).toBe(true);
    expect((await stat(join(folder, 'postgres'))).mode & 0o777).toBe(0o700);
  });

  it('refuses a wrong password', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps its data over a crash and a second start', async () => {
    await ask(server.url, 'create table kept as select 42 as value');
    await server.kill();
    server = await start();
    expect(await ask(server.url, 'select value from kept')).toBe(42);
  });

  it('ends a server that a killed run left on the folder', async () => {
    const left = server;
    server = await start();
    await left.ended;
    expect(server.pid).not.toBe(left.pid);
    expect(await ask(server.url, 'select value from kept')).toBe(42);
  });

  it('says when the password is not the one of the folder, and leaves the data as it is', async () => {
    await server.stop();
    await expect(start('another')).rejects.toThrow('PostgreSQL does not start: the stored password of its superuser is not the one of this data folder.');
    server = await start();
    expect(await ask(server.url, 'select value from kept')).toBe(42);
  });
});
