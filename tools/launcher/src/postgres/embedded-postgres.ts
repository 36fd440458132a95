import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../places/free-port.ts';
import { endProcess } from '../supervise/end-process.ts';
import { Guard } from '../supervise/guard.ts';
import { processIdentity, type ProcessIdentity } from '../supervise/process-identity.ts';
import { messageOf, StartProblem } from '../terminal/start-problem.ts';
import { libraryPath, postgresPrograms } from './binaries.ts';
import { prepareDataFolder } from './data-folder.ts';
import { endLeftOverServer } from './left-over.ts';
import { serverAccount } from './server-account.ts';
import { serverSettings } from './server-settings.ts';

export interface EmbeddedPostgresOptions {
  /** Folder of the cluster; made when missing. Nobody else may use it at the same time. */
  readonly dataDir: string;
  /** A free one by default. */
  readonly port?: number;
  readonly superuserPassword: string;
  /** Whether committed rows survive a power cut, default true; false makes tests faster. */
  readonly durable?: boolean;
  /** Where the server writes its log, `postgres.log` beside the data by default. */
  readonly logFile?: string;
}

export interface EmbeddedPostgres {
  /** Address of the superuser. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server has ended, by whatever cause. */
  readonly ended: Promise<void>;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

const startMs = 60_000;
const wrongPassword = 'the stored password of its superuser is not the one of this data folder';

/**
 * Starts PostgreSQL 18 on 127.0.0.1, also as root and without any installed server, and waits until it answers.
 * It ends with this process, by whatever cause that ends.
 * @throws StartProblem saying in one sentence why it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const durable = options.durable ?? true;
  const programs = await postgresPrograms();
  await endLeftOverServer(dataDir);
  await prepareDataFolder({ programs, dataDir, superuserPassword: options.superuserPassword, durable });
  const logFile = options.logFile ?? join(dirname(dataDir), 'postgres.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const started = await attemptStart({ programs, dataDir, logFile, port, durable, password: options.superuserPassword });
    if (!('problem' in started)) return started;
    if (attempt === 20 || !isPassing(started.problem, options.port === undefined)) throw new StartProblem(`PostgreSQL does not start: ${started.problem}.`);
    await sleep(250);
  }
}

/** Another program took the port in between, or processes of a killed server are still going. */
function isPassing(problem: string, portIsOurs: boolean): boolean {
  return /shared memory block|lock file/i.test(problem) || (portIsOurs && /address already in use|could not bind/i.test(problem));
}

interface Attempt {
  readonly programs: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly port: number;
  readonly durable: boolean;
  readonly password: string;
}

async function attemptStart({ programs, dataDir, logFile, port, durable, password }: Attempt): Promise<EmbeddedPostgres | { problem: string }> {
  const log = openSync(logFile, 'a', 0o600);
  const logStart = statSync(logFile).size;
  const child = spawn(join(programs, 'bin', 'postgres'), ['-D', dataDir, ...serverSettings({ port, durable })], {
    ...serverAccount(), cwd: '/', env: libraryPath(programs), stdio: ['ignore', log, log], detached: true,
  });
  closeSync(log);
  const ended = endOf(child);
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  if (identity === undefined) return { problem: 'its program cannot be run' };
  const guard = new Guard();
  guard.add(identity, 'INT');
  const url = `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const problem = await untilAnswering(url, child);
  if (problem === undefined) return running({ url, port, child, identity, guard, ended });
  await endProcess(identity, [{ signal: 'SIGQUIT', waitMs: 5_000 }, { signal: 'SIGKILL', waitMs: 5_000 }]);
  guard.release();
  return { problem: problem === wrongPassword ? problem : (fatalLine(logFile, logStart) ?? problem) };
}

interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
  readonly guard: Guard;
  readonly ended: Promise<void>;
}

function running({ url, port, identity, guard, ended }: RunningServer): EmbeddedPostgres {
  const end = async (...steps: Parameters<typeof endProcess>[1]): Promise<void> => {
    await endProcess(identity, steps);
    await ended;
    guard.release();
  };
  return {
    url,
    port,
    pid: identity.pid,
    ended,
    stop: () => end({ signal: 'SIGINT', waitMs: 15_000 }, { signal: 'SIGQUIT', waitMs: 5_000 }, { signal: 'SIGKILL', waitMs: 5_000 }),
    kill: () => end({ signal: 'SIGKILL', waitMs: 5_000 }),
  };
}

function endOf(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('error', () => resolve());
  child.once('exit', () => resolve());
  return promise;
}

/** Undefined when the server answers, else why it did not. */
async function untilAnswering(url: string, child: ChildProcess): Promise<string | undefined> {
  let last = 'it did not answer';
  for (const endsAt = performance.now() + startMs; performance.now() < endsAt; await sleep(25)) {
    if (child.exitCode !== null || child.signalCode !== null) return 'it ended at once';
    const problem = await askOnce(url);
    if (problem === undefined) return undefined;
    last = problem;
    if (/password authentication failed/.test(problem)) return wrongPassword;
  }
  return last;
}

async function askOnce(url: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function fatalLine(logFile: string, from: number): string | undefined {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').split('\n');
  const line = lines.find((text) => /(FATAL|PANIC):|could not bind|error while loading/.test(text) && !/is starting up/.test(text));
  return line?.replace(/^.*?(FATAL|PANIC|LOG):\s*/, '').replace(/\.$/, '');
}
