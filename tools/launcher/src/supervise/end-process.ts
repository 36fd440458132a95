import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

export interface EndStep {
  readonly signal: NodeJS.Signals;
  /** Milliseconds to wait before the next step. */
  readonly waitMs: number;
}

/** Asks a process to end, less and less politely; returns when it is gone or the last wait is over. */
export async function endProcess(process: ProcessIdentity, steps: readonly EndStep[]): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    if (!send(process, signal)) return true;
    for (let waited = 0; waited < waitMs; waited += 20) {
      if (!isRunning(process)) return true;
      await sleep(20);
    }
  }
  return !isRunning(process);
}

function send(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  try {
    return process.kill(target.pid, signal);
  } catch {
    return false;
  }
}
