import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { endProcess } from '../supervise/end-process.ts';
import { commandOf, processIdentity } from '../supervise/process-identity.ts';

/**
 * Ends a server that an earlier, killed run left on this data folder, and removes a lock of one that is gone.
 * Call only while nobody else may use the folder.
 */
export async function endLeftOverServer(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const pid = Number((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const [program, ...parameters] = commandOf(pid);
  const identity = processIdentity(pid);
  if (identity !== undefined && basename(program ?? '') === 'postgres' && parameters.includes(dataDir)) {
    await endProcess(identity, [{ signal: 'SIGINT', waitMs: 10_000 }, { signal: 'SIGQUIT', waitMs: 5_000 }, { signal: 'SIGKILL', waitMs: 5_000 }]);
  }
  // The number may meanwhile belong to any other program, which would stop the server from starting.
  await rm(lockFile, { force: true });
}
