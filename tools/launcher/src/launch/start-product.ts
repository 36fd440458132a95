import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dataFolderAt } from '../places/data-folder.ts';
import { packagedNode } from '../places/packaged-node.ts';
import { repositoryRoot } from '../places/places.ts';
import { readRunState } from '../supervise/run-file.ts';
import { StartProblem } from '../terminal/start-problem.ts';
import type { Launched } from './launch.ts';

export interface ProductOptions {
  readonly dataDir: string;
  /** Over this process's own; `TRIBUTARY_PORT` is 0, a free port, unless it is here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told each line the launcher writes. */
  readonly onLine?: (line: string) => void;
}

export interface Product extends Launched {
  /** Process number by name at the moment it is read: `launcher`, `postgresql`, `nats`, `simulator`, `auth-service`, … */
  readonly pids: Readonly<Record<string, number>>;
  /** Ports of the services on 127.0.0.1. */
  readonly ports: Readonly<Record<string, number>>;
  readonly logFolder: string;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** Ends the launcher alone, as `kill -9` does; what it started has to notice. */
  kill(): Promise<void>;
}

/**
 * Starts the whole product as `npm start` does and waits until it is ready.
 * @throws StartProblem with the launcher's own sentence
 */
export async function startProduct({ dataDir, env = {}, onLine = () => undefined }: ProductOptions): Promise<Product> {
  const child = spawn(packagedNode(), [join(import.meta.dirname, '..', 'main.ts')], {
    cwd: repositoryRoot, env: { ...process.env, TRIBUTARY_PORT: '0', ...env, TRIBUTARY_DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true,
  });
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  const launched = await untilReady(child, onLine);
  const { runFile, logs } = dataFolderAt(dataDir);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    ...launched,
    get pids() {
      return Object.fromEntries(Object.entries(readRunState(runFile).processes).map(([name, { pid }]) => [name, pid]));
    },
    get ports() {
      return readRunState(runFile).ports;
    },
    logFolder: logs,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function untilReady(child: ChildProcess, onLine: (line: string) => void): Promise<Launched> {
  const { promise, resolve, reject } = Promise.withResolvers<Launched>();
  const complaints: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', onLine);
  if (child.stderr !== null) {
    createInterface(child.stderr).on('line', (line) => {
      complaints.push(line);
      onLine(line);
    });
  }
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null && 'ready' in message) resolve(message.ready as Launched);
  });
  child.once('error', reject);
  child.once('close', (code) => reject(new StartProblem(complaints.filter((line) => line !== '').join('\n') || `The launcher ended with code ${code}.`)));
  return promise;
}
