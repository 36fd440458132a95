import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tributary/launcher/free-port';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './harness/api-client.ts';
import { aDataFolder } from './harness/data-folder.ts';
import { SimulatorControl } from './harness/simulator-control.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The command people type, in a folder that has nothing to do with the product. */
describe('npm start', { timeout: 120_000 }, () => {
  let folder: Awaited<ReturnType<typeof aDataFolder>>;
  let elsewhere = '';
  let port = 0;
  let running: ChildProcess | undefined;
  let connection = '';
  let said = '';

  beforeAll(async () => {
    [folder, elsewhere, port] = await Promise.all([aDataFolder(), mkdtemp(join(tmpdir(), 'tributary-elsewhere-')), freePort()]);
  });

  afterAll(async () => {
    if (running?.pid !== undefined && running.exitCode === null) process.kill(-running.pid, 'SIGKILL');
    await folder?.remove();
    await rm(elsewhere, { recursive: true, force: true });
  });

  /** Starts it as a terminal does: npm and all it starts are one group, which a Ctrl-C reaches as a whole. */
  async function start(): Promise<void> {
    said = '';
    running = spawn('npm', ['--prefix', root, 'start'], {
      cwd: elsewhere, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TRIBUTARY_DATA_DIR: folder.path, TRIBUTARY_PORT: String(port), NODE_ENV: 'development', SALESFORCE_CLIENT_ID: '' },
    });
    running.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    running.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until('it is ready', () => {
      if (running?.exitCode !== null) throw new Error(said);
      return /Stop with Ctrl-C/.test(said);
    }, 90_000);
  }

  /** The processes it has started, by their numbers. */
  async function pids(): Promise<number[]> {
    const text = await readFile(join(folder.path, 'run.json'), 'utf8');
    return [...text.matchAll(/"pid": ?(\d+)/g)].map(([, pid]) => Number(pid));
  }

  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  async function interrupt(): Promise<readonly unknown[]> {
    const started = await pids();
    expect(started.length).toBeGreaterThanOrEqual(7);
    expect(started.filter(isAlive)).toEqual(started);
    const ended = once(running as ChildProcess, 'exit');
    process.kill(-(running?.pid ?? 0), 'SIGINT');
    const exit = await ended;
    expect(started.filter(isAlive)).toEqual([]);
    return exit;
  }

  const signIn = async (): Promise<string> => {
    const simulator = new SimulatorControl(/\((http:\/\/localhost:\d+)\)/.exec(said)?.[1] ?? '');
    return new ApiClient(`http://localhost:${port}`).signIn(simulator, (await simulator.facts()).users[0]?.username ?? '');
  };

  it('works from any folder, says what it does, and prints one address with what to do there', async () => {
    await start();
    expect(said).toMatch(/PostgreSQL 18 runs\./);
    expect(said).toMatch(/The Salesforce simulator runs at http:\/\/localhost:\d+, because SALESFORCE_CLIENT_ID is not set\./);
    expect(said).toMatch(new RegExp(`Tributary is ready after [\\d.]+ s:\\s+http://localhost:${port}\\s+Open it, choose`));
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(200);
    connection = await signIn();
  });

  it('stops at one Ctrl-C, which npm and it get at once, and leaves no process', async () => {
    await interrupt();
    expect(said).toMatch(/Stopped; nothing is left running\./);
    await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow();
  });

  it('goes on with its data when it is started again', async () => {
    await start();
    expect(await signIn()).toBe(connection);
    await interrupt();
  });
});
