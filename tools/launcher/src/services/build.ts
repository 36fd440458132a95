import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { cacheFolder, repositoryRoot } from '../places/places.ts';
import type { LogFile } from '../supervise/log-file.ts';
import { StartProblem } from '../terminal/start-problem.ts';

/** Projects that are built before they run, and the file that shows it; what can start without the other is built apart. */
const groups = {
  services: { 'auth-service': 'dist/main.js', 'ingest-service': 'dist/main.js', 'analytics-service': 'dist/main.js', gateway: 'dist/main.js' },
  portal: { portal: 'dist/index.html' },
} as const;
export type BuildGroup = keyof typeof groups;

const sourceFiles = ['package-lock.json', 'tsconfig.base.json', 'vite.shared.ts', 'nx.json'];
const noSource = new Set(['node_modules', 'dist', 'test-results', '.vite']);

export interface BuildOptions {
  readonly group: BuildGroup;
  readonly node: string;
  readonly log: LogFile;
  /** Ends a build under way. */
  readonly signal: AbortSignal;
  readonly onBegin: () => void;
}

/**
 * Builds a group unless nothing changed since its last build.
 * @returns whether something was built
 * @throws StartProblem naming the log with the compiler's words
 */
export async function buildWhenStale({ group, node, log, signal, onBegin }: BuildOptions): Promise<boolean> {
  const stampFile = join(cacheFolder(), 'launcher', `${group}.stamp`);
  const stamp = await sourceStamp(group);
  if (isBuilt(group) && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return false;
  onBegin();
  const code = await runNx(group, node, log, signal);
  if (code !== 0 || !isBuilt(group)) throw new StartProblem(`The ${group === 'portal' ? 'portal' : 'services'} could not be built: ${log.path} says why.`);
  await mkdir(dirname(stampFile), { recursive: true });
  await writeFile(stampFile, stamp);
  return true;
}

function isBuilt(group: BuildGroup): boolean {
  return Object.entries(groups[group]).every(([name, file]) => existsSync(join(repositoryRoot, 'apps', name, file)));
}

/** Changes when any source file is added, removed or written. */
async function sourceStamp(group: BuildGroup): Promise<string> {
  const folders = ['libs', ...Object.keys(groups[group]).map((name) => join('apps', name))];
  const files = (await Promise.all(folders.map((folder) => filesBelow(join(repositoryRoot, folder))))).flat();
  const all = [...files, ...sourceFiles.map((file) => join(repositoryRoot, file))].toSorted();
  const lines = await Promise.all(all.map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return `${relative(repositoryRoot, path)} ${found?.size ?? -1} ${found?.mtimeMs ?? 0}`;
  }));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const source = entries.filter(({ name }) => !noSource.has(name) && !name.endsWith('.spec.ts'));
  const found = await Promise.all(source.map(async (entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  }));
  return found.flat();
}

function runNx(group: BuildGroup, node: string, log: LogFile, signal: AbortSignal): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const output = log.open();
  const projects = Object.keys(groups[group]).map((name) => `@tributary/${name}`).join(',');
  const child = spawn(node, [join(repositoryRoot, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', 'build', '-p', projects, '--output-style=static'], {
    cwd: repositoryRoot,
    env: { ...process.env, NODE_ENV: 'production', NX_DAEMON: 'false', NX_TUI: 'false', PATH: `${dirname(node)}:${join(repositoryRoot, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', output, output],
    signal,
  });
  closeSync(output);
  child.once('error', () => resolve(null));
  child.once('exit', (code) => resolve(code));
  return promise;
}
