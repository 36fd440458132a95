import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StartProblem } from '../terminal/start-problem.ts';
import { isRunning, processIdentity, type ProcessIdentity } from './process-identity.ts';

/** The right to use a data folder, for one launcher at a time. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock; one left by a launcher that is gone is taken over.
 * @param owner this process
 * @throws StartProblem naming the process that holds it
 */
export function takeLock(path: string, dataFolder: string, owner: ProcessIdentity | undefined = processIdentity(process.pid)): Lock {
  const mine = JSON.stringify(owner ?? { pid: process.pid, startedAt: '' });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (;;) {
      if (linked(draft, path)) return { release: () => releaseIfOwn(path, mine) };
      const holder = readHolder(path);
      if (holder !== undefined && isRunning(holder)) {
        throw new StartProblem(`Tributary already runs on ${dataFolder} (process ${holder.pid}): use that one, stop it, or set TRIBUTARY_DATA_DIR and TRIBUTARY_PORT to run another beside it.`);
      }
      removeStale(path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A link is made or it is not, even when two launchers try at the same time. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved aside first: of two launchers that find the same stale lock, one moves it and the other finds nothing. */
function removeStale(path: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && isRunning(moved)) linked(aside, path);
  rmSync(aside, { force: true });
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('startedAt' in holder)) return undefined;
    return typeof holder.pid === 'number' && typeof holder.startedAt === 'string' ? { pid: holder.pid, startedAt: holder.startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function releaseIfOwn(path: string, mine: string): void {
  try {
    if (readFileSync(path, 'utf8') === mine) rmSync(path, { force: true });
  } catch {
    // Gone with its folder.
  }
}
