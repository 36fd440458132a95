import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartProblem } from '../terminal/start-problem.ts';
import { endProcess, type EndStep } from './end-process.ts';
import type { Guard } from './guard.ts';
import { lastWords } from './last-words.ts';
import type { LogFile } from './log-file.ts';
import type { Part, RunningPart } from './part.ts';
import { processIdentity, type ProcessIdentity } from './process-identity.ts';

export interface ChildOptions {
  readonly name: string;
  readonly program: string;
  readonly parameters: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: LogFile;
  readonly guard: Guard;
  /** Whether the process can work already. */
  readonly isReady: () => Promise<boolean>;
  readonly isAlive?: () => Promise<boolean>;
  /** Ninety seconds by default. */
  readonly readyWithinMs?: number;
}

const politely: readonly EndStep[] = [{ signal: 'SIGTERM', waitMs: 12_000 }, { signal: 'SIGKILL', waitMs: 5_000 }];
const atOnce: readonly EndStep[] = [{ signal: 'SIGKILL', waitMs: 5_000 }];

/** A program as a part: its output goes to its log, its files are its user's alone, and it never outlives the launcher. */
export function childPart(options: ChildOptions): Part {
  const { name, isAlive } = options;
  return { name, start: async () => startChild(options), ...(isAlive === undefined ? {} : { isAlive }) };
}

function startChild(options: ChildOptions): RunningPart {
  const { name, program, parameters, cwd, env, log, guard } = options;
  const logStart = log.sizeBytes();
  const output = log.open();
  // The shell replaces itself with the program, which keeps the process number; a group of its own keeps Ctrl-C for the launcher.
  const child = spawn('/bin/sh', ['-c', 'umask 077; exec "$@"', name, program, ...parameters], { cwd, env, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => resolve(error.message));
  child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  if (identity === undefined) throw new StartProblem(`${name} does not start: ${program} cannot be run.`);
  guard.add(identity, 'TERM');
  return running(options, identity, ended, logStart);
}

function running(options: ChildOptions, identity: ProcessIdentity, ended: Promise<string>, logStart: number): RunningPart {
  const end = async (steps: readonly EndStep[]): Promise<void> => {
    await endProcess(identity, steps);
    await ended;
  };
  let ready: Promise<void> | undefined;
  return {
    pid: identity.pid,
    ended,
    ready: () => (ready ??= untilReady(options, ended, logStart)),
    stop: () => end(politely),
    kill: () => end(atOnce),
  };
}

async function untilReady({ name, log, isReady, readyWithinMs = 90_000 }: ChildOptions, ended: Promise<string>, logStart: number): Promise<void> {
  let how: string | undefined;
  void ended.then((text) => (how = text));
  for (const endsAt = performance.now() + readyWithinMs; performance.now() < endsAt; await sleep(40)) {
    if (await isReady()) return;
    if (how !== undefined) throw new StartProblem(`${name} does not start: ${sentence(lastWords(log.linesSince(logStart)) ?? how)}`);
  }
  throw new StartProblem(`${name} is not ready after ${readyWithinMs / 1_000} s: ${log.path} says why.`);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
