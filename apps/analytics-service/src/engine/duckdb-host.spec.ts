import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@tributary/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CopyFailed, CopyTimeout } from './copy-failure.ts';
import { deleteCopy, DuckDbHost } from './duckdb-host.ts';

const settings = { threads: 2, memoryMb: 256 };
const endless = 'SELECT CAST(count(*) AS text) FROM range(10000000) a, range(10000000) b WHERE a.range % 7 = b.range % 11';
const columns = [{ name: '_version', type: 'BIGINT' }, { name: '_deleted', type: 'BOOLEAN' }, { name: 'id', type: 'VARCHAR' }, { name: 'amount', type: 'DECIMAL(38, 2)' }];

let folder: string;
let file: string;
let host: DuckDbHost;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-copy-'));
  file = join(folder, 'one.duckdb');
  host = await DuckDbHost.open(file, settings);
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

async function query(sql: string, timeoutMs = 10_000): Promise<unknown> {
  return (await host.run({ do: 'query', statements: [{ sql, values: [] }], timeoutMs }))[0];
}

async function merge(version: number, fresh: boolean, ...rows: readonly (readonly [number, boolean, string, string | null])[]): Promise<void> {
  await host.run({ do: 'begin', tables: [{ object: 'Opportunity', table: 'opportunity', columns, fresh }], dropped: [] });
  await host.run({ do: 'rows', object: 'Opportunity', columns: columns.map((_, index) => rows.map((row) => (row[index] === null ? null : String(row[index])))) });
  await host.run({ do: 'commit', versions: { Opportunity: String(version) } });
}

describe('a copy in a process of its own', () => {
  it('is locked down: no file, no copy out, no other database, no extension, no setting', async () => {
    await merge(1, true, [1, false, 'a', '1.00']);
    const attacks = ["SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/proc/self/environ')", `COPY opportunity TO '${join(folder, 'out.csv')}'`, `ATTACH '${join(folder, 'other.duckdb')}'`, 'INSTALL httpfs', 'LOAD httpfs', "SET memory_limit = '100GB'", 'SET enable_external_access = true', 'RESET lock_configuration', "CREATE TABLE t AS SELECT 1", 'DELETE FROM opportunity', "EXPORT DATABASE '/tmp/x'"];
    for (const sql of attacks) await expect(query(sql), sql).rejects.toThrow(/cannot access|file system operations|locked|disabled|read-only|permission|not allowed|cannot be/i);
    expect(await query('SELECT CAST(count(*) AS text) FROM opportunity')).toEqual([['1']]);
  });

  it('gets no address, key or path of the service by its environment', async () => {
    expect(process.env['PATH']).toBeDefined();
    expect(await query("SELECT CAST(count(*) AS text) FROM (SELECT 1) WHERE coalesce(current_setting('lock_configuration'), false)")).toEqual([['1']]);
    const environment = await import('node:fs/promises').then(({ readFile }) => readFile(`/proc/${host.pid}/environ`, 'utf8'));
    expect(environment.split('\0').map((variable) => variable.split('=')[0]).filter((name) => name !== '').sort()).toEqual(['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_NO_WARNINGS']);
  });

  it('interrupts a query whose time is up, and answers the next', async () => {
    await expect(query(endless, 200)).rejects.toThrow(CopyTimeout);
    expect(await query("SELECT 'alive'")).toEqual([['alive']]);
  });

  it('fails, and leaves its parent alive, when it is killed in the middle of a query', async () => {
    const answer = query(endless, 30_000);
    const refused = expect(answer).rejects.toThrow(CopyFailed);
    process.kill(host.pid ?? 0, 'SIGKILL');
    await refused;
    expect(host.isUsable).toBe(false);
    await expect(query('SELECT 1')).rejects.toThrow(CopyFailed);
  });

  it('keeps only newer versions, whatever the order in which they come', async () => {
    await merge(3, true, [3, false, 'a', '3.00'], [1, false, 'b', null]);
    await merge(4, false, [2, false, 'a', '2.00'], [4, true, 'b', '4.00'], [4, false, 'c', '0.10']);
    expect(await query('SELECT id, CAST(_version AS text), CAST(amount AS text), CAST(_deleted AS text) FROM opportunity ORDER BY id')).toEqual([['a', '3', '3.00', 'false'], ['b', '4', '4.00', 'true'], ['c', '4', '0.10', 'false']]);
    expect(await host.run({ do: 'state' })).toEqual([{ object: 'Opportunity', table: 'opportunity', version: '4', columns }]);
  });

  it('shows a merge all at once, and nothing of an aborted or killed one', async () => {
    await merge(1, true, [1, false, 'a', '1.00']);
    await host.run({ do: 'begin', tables: [{ object: 'Opportunity', table: 'opportunity', columns, fresh: true }], dropped: [] });
    await host.run({ do: 'rows', object: 'Opportunity', columns: [['2'], ['false'], ['z'], ['9.99']] });
    expect(await query('SELECT id FROM opportunity')).toEqual([['a']]);
    await host.close();
    host = await DuckDbHost.open(file, settings);
    expect(await query('SELECT id FROM opportunity')).toEqual([['a']]);
  });

  it('notices that its file was deleted or replaced', async () => {
    expect(host.isUsable).toBe(true);
    deleteCopy(file);
    expect(host.isUsable).toBe(false);
    await writeFile(file, 'something else');
    expect(host.isUsable).toBe(false);
  });

  it('says that a damaged file cannot be opened, and leaves no process', async () => {
    const broken = join(folder, 'broken.duckdb');
    await writeFile(broken, 'this is no database, but long enough to be looked at as one'.repeat(300));
    await expect(DuckDbHost.open(broken, settings)).rejects.toThrow(CopyFailed);
  });

  it('ends with its parent\'s pipe', async () => {
    const { pid } = host;
    await host.close();
    await until('the process has ended', () => stat(`/proc/${pid}`).then(() => false, () => true));
  });

  it('refuses a query that wants more memory than it has, and goes on', async () => {
    await expect(query('SELECT CAST(list(a.range) AS text) FROM range(100000000) a', 50_000)).rejects.toThrow(CopyFailed);
    expect(await query("SELECT 'alive'")).toEqual([['alive']]);
  });
});
