import { lstat, mkdir, mkdtemp, readlink, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { runProgram } from '../supervise/run-program.ts';
import { messageOf, StartProblem } from '../terminal/start-problem.ts';
import { serverAccount } from './server-account.ts';

const elsewhere = '/var/lib/tributary';

/**
 * Where PostgreSQL's files are: `postgres` in the data folder. When that lies where PostgreSQL's account cannot go
 * (below root's home, say), they are in a folder of `/var/lib/tributary` to which `postgres` is a link.
 */
export async function clusterLocation(dataFolder: string): Promise<string> {
  const path = join(dataFolder, 'postgres');
  const linked = await linkOf(path);
  if (linked !== undefined) return linked;
  if (await canReach(dataFolder)) return path;
  try {
    await mkdir(elsewhere, { recursive: true, mode: 0o755 });
    const folder = join(await mkdtemp(join(elsewhere, 'data-')), 'postgres');
    await symlink(folder, path);
    return folder;
  } catch (error) {
    throw new StartProblem(`PostgreSQL cannot reach ${dataFolder} and ${elsewhere} cannot be used (${messageOf(error)}): set TRIBUTARY_DATA_DIR to a folder every account can reach.`, { cause: error });
  }
}

async function linkOf(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() === true ? resolve(dirname(path), await readlink(path)) : undefined;
}

async function canReach(folder: string): Promise<boolean> {
  const { uid } = serverAccount();
  if (uid === undefined) return true;
  const { code } = await runProgram('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...serverAccount(), cwd: '/' });
  return code === 0;
}
