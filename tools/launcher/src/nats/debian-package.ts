import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '../supervise/run-program.ts';
import { distributionOf, natsSources, type DebianSource } from './debian-sources.ts';

/**
 * Fetches the distribution's signed nats-server package and unpacks the program, as root or as an ordinary user;
 * nothing is installed and apt's own state stays untouched.
 * @param target path the program gets
 * @returns the suite it came from, or why there is none
 */
export async function fetchDebianPackage(target: string): Promise<{ suite: string } | { problem: string }> {
  const sources = await ownSources();
  if (sources.length === 0) return { problem: 'apt knows no Debian or Ubuntu mirror' };
  const problems: string[] = [];
  for (const source of sources) {
    const problem = await fetchFrom(source, target);
    if (problem === undefined) return { suite: source.suite };
    problems.push(`${source.suite}: ${problem}`);
  }
  return { problem: problems.join('; ') };
}

async function ownSources(): Promise<DebianSource[]> {
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const distribution = distributionOf(osRelease);
  return withPrivateFolder(async (folder) => {
    const printed = await runProgram('apt-get', ['-o', `Dir::State::lists=${join(folder, 'lists')}`, '-o', 'Debug::NoLocking=1', 'update', '--print-uris']);
    const keyring = `/usr/share/keyrings/${distribution.id}-archive-keyring.gpg`;
    return natsSources(printed.stdout, distribution, existsSync(keyring) ? keyring : undefined);
  });
}

function fetchFrom(source: DebianSource, target: string): Promise<string | undefined> {
  return withPrivateFolder(async (folder) => {
    await writeFile(join(folder, 'sources.list'), source.line);
    const apt = (...command: string[]) => runProgram('apt-get', [...privateState(folder), ...command], { cwd: folder });
    const update = await apt('update');
    if (update.code !== 0) return lastLine(update.stderr);
    const download = await apt('download', 'nats-server');
    const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (file === undefined) return lastLine(download.stderr);
    const unpack = await runProgram('dpkg', ['-x', file, 'unpacked'], { cwd: folder });
    const program = ['usr/sbin/nats-server', 'usr/bin/nats-server'].map((path) => join(folder, 'unpacked', path)).find(existsSync);
    if (program === undefined) return lastLine(unpack.stderr) || 'the package holds no nats-server';
    await install(program, target);
    return undefined;
  });
}

function privateState(folder: string): string[] {
  const options = [
    `Dir::State=${join(folder, 'state')}`,
    `Dir::State::lists=${join(folder, 'state', 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    `Dir::Log=${folder}`,
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    'Dir::State::status=/dev/null',
    // The folder is private, so apt's own account could not write to it.
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
    'Debug::NoLocking=1',
  ];
  return options.flatMap((option) => ['-o', option]);
}

/** Puts a program in place at once, so that nobody ever runs half of it. */
export async function install(program: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const copy = `${target}.${process.pid}`;
  await copyFile(program, copy);
  await chmod(copy, 0o755);
  await rename(copy, target);
}

async function withPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-apt-'));
  try {
    await Promise.all(['lists/partial', 'state/lists/partial', 'cache/archives/partial'].map((path) => mkdir(join(folder, path), { recursive: true })));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
