import { join } from 'node:path';
import { cacheFolder } from '../places/places.ts';
import { StartProblem } from '../terminal/start-problem.ts';
import { fetchDebianPackage } from './debian-package.ts';
import { fetchFromDocker } from './docker-image.ts';
import { isAtLeast, natsVersionOf, oldestVersion, preferredVersion } from './nats-version.ts';

export interface NatsServerProgram {
  readonly path: string;
  /** `2.10.27` */
  readonly version: string;
  /** Where it came from, for people. */
  readonly source: string;
}

export interface ResolveOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Folder in which a fetched program stays. */
  readonly cache?: string;
  /** Told before something slow begins. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Finds nats-server: `NATS_SERVER_BIN`, the own cache, the PATH when new enough, the distribution's signed package,
 * the PATH whatever its age, the official Docker image.
 * @throws StartProblem when `NATS_SERVER_BIN` is wrong or no way gives a program
 */
export async function resolveNatsServer({ env = process.env, cache = join(cacheFolder(), 'nats-server'), onProgress = () => undefined }: ResolveOptions = {}): Promise<NatsServerProgram> {
  const named = env['NATS_SERVER_BIN'];
  if (named !== undefined && named !== '') return checkNamed(named);
  const cached = join(cache, 'nats-server');
  const ready = (await usable(cached, oldestVersion, 'the cache')) ?? (await usable('nats-server', preferredVersion, 'the PATH'));
  if (ready !== undefined) return ready;
  onProgress('Fetching nats-server from the package mirror of this machine …');
  const debian = await fetchDebianPackage(cached);
  if ('suite' in debian) {
    const fetched = await usable(cached, oldestVersion, `the ${debian.suite} package`);
    if (fetched !== undefined) return fetched;
  }
  const old = await usable('nats-server', oldestVersion, 'the PATH');
  if (old !== undefined) return old;
  const docker = await fetchFromDocker(cached);
  const fetched = 'image' in docker ? await usable(cached, oldestVersion, `the image ${docker.image}`) : undefined;
  if (fetched !== undefined) return fetched;
  throw new StartProblem(
    `nats-server ${oldestVersion} or newer is missing and could not be fetched (apt: ${'problem' in debian ? debian.problem : 'too old'}; Docker: ${'problem' in docker ? docker.problem : 'does not run here'}): ` +
    'install it, for example with "apt-get install nats-server", or set NATS_SERVER_BIN to its path.');
}

async function checkNamed(path: string): Promise<NatsServerProgram> {
  const version = await natsVersionOf(path);
  if (version === undefined) throw new StartProblem(`NATS_SERVER_BIN names ${path}, which is not a nats-server that runs here: correct it or unset it.`);
  if (!isAtLeast(version, oldestVersion)) throw new StartProblem(`NATS_SERVER_BIN names nats-server ${version}, but ${oldestVersion} or newer is needed.`);
  return { path, version, source: 'NATS_SERVER_BIN' };
}

async function usable(path: string, least: string, source: string): Promise<NatsServerProgram | undefined> {
  const version = await natsVersionOf(path);
  return version !== undefined && isAtLeast(version, least) ? { path, version, source } : undefined;
}
