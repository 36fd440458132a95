import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../supervise/run-program.ts';
import { StartProblem } from '../terminal/start-problem.ts';
import { libraryPath } from './binaries.ts';
import { serverAccount } from './server-account.ts';

/** Version of the data's format; PostgreSQL reads only its own. */
const majorVersion = '18';

export interface DataFolderOptions {
  readonly programs: string;
  readonly dataDir: string;
  readonly superuserPassword: string;
  readonly durable: boolean;
}

/**
 * Makes the folder a database cluster unless it is one. The cluster is made beside it and renamed, so that a start
 * that was cut short leaves nothing half-made.
 */
export async function prepareDataFolder(options: DataFolderOptions): Promise<void> {
  const { dataDir } = options;
  await openParent(dirname(dataDir));
  const version = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) return createCluster(options);
  if (version.trim() !== majorVersion) {
    throw new StartProblem(`${dataDir} holds data of PostgreSQL ${version.trim()}, but this is PostgreSQL ${majorVersion}: set TRIBUTARY_DATA_DIR to another folder.`);
  }
}

/** The server's account must be able to walk through the folder above its data; it need not list it. */
async function openParent(parent: string): Promise<void> {
  await mkdir(parent, { recursive: true, mode: 0o755 });
  if (serverAccount().uid === undefined) return;
  const { mode } = await stat(parent);
  if ((mode & 0o001) === 0) await chmod(parent, (mode & 0o7777) | 0o011);
}

async function createCluster({ programs, dataDir, superuserPassword, durable }: DataFolderOptions): Promise<void> {
  const [fresh, passwordFile] = [`${dataDir}.new`, `${dataDir}.password`];
  await Promise.all([rm(fresh, { recursive: true, force: true }), rm(passwordFile, { force: true })]);
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
  try {
    await giveToServer(fresh);
    await giveToServer(passwordFile);
    const made = await runProgram(join(programs, 'bin', 'initdb'), [
      '--pgdata', fresh, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8',
      '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', ...(durable ? [] : ['--no-sync']),
    ], { ...serverAccount(), cwd: '/', env: libraryPath(programs) });
    if (made.code !== 0) throw new StartProblem(`PostgreSQL could not make its data folder ${dataDir}: ${lastLine(made.stderr)}.`);
    if (existsSync(dataDir)) await rm(dataDir, { recursive: true });
    await rename(fresh, dataDir);
  } finally {
    await Promise.all([rm(fresh, { recursive: true, force: true }), rm(passwordFile, { force: true })]);
  }
}

async function giveToServer(path: string): Promise<void> {
  const { uid, gid } = serverAccount();
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n').filter((line) => line !== '');
  return (lines.find((line) => /error|fatal|could not/i.test(line)) ?? lines.at(-1) ?? 'no reason given').replace(/\.$/, '');
}
