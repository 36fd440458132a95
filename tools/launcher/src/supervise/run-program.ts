import { spawn } from 'node:child_process';

export interface ProgramRun {
  /** Exit code; null when the program could not start or ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Two minutes by default. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end; a program that is missing gives code null, never an error. */
export function runProgram(program: string, parameters: readonly string[], { timeoutMs = 120_000, ...options }: ProgramOptions = {}): Promise<ProgramRun> {
  const { promise, resolve } = Promise.withResolvers<ProgramRun>();
  const child = spawn(program, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.once('error', (error) => resolve({ code: null, stdout, stderr: error.message }));
  child.once('close', (code) => resolve({ code, stdout, stderr }));
  return promise;
}
