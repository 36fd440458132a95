import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** The product that was started for this run, as somebody outside sees it. */
export interface StartedProduct {
  readonly url: string;
  /** Superuser's address of the product's database. */
  readonly postgresUrl: string;
  readonly simulatorOrigin: string;
  readonly logFolder: string;
  readonly dataDir: string;
  /** What the launcher wrote until it was ready. */
  readonly lines: readonly string[];
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly product: StartedProduct;
  }
}

export function theProduct(): StartedProduct {
  return inject('product');
}

interface RunState {
  readonly processes: Readonly<Record<string, { readonly pid: number }>>;
  readonly ports: Readonly<Record<string, number>>;
}

/** What runs in a data folder at this moment, as the launcher wrote it down. */
export function runStateOf(dataDir: string): RunState {
  return JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunState;
}

/** Ends one of the product's processes as a crash would. @returns the process number it had */
export function killPart(dataDir: string, name: string): number {
  return signalPart(dataDir, name, 'SIGKILL');
}

/** Sends one of the product's processes a signal. @returns its process number */
export function signalPart(dataDir: string, name: string, signal: NodeJS.Signals): number {
  const pid = runStateOf(dataDir).processes[name]?.pid;
  if (pid === undefined) throw new Error(`there is no process ${name}`);
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  if (!/node|nats-server|postgres/.test(commandLine)) throw new Error(`process ${pid} is not ${name}`);
  process.kill(pid, signal);
  return pid;
}

/** Memory a process holds, in megabytes. */
export function megabytesOf(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
