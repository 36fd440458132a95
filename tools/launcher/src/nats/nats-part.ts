import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../places/free-port.ts';
import { childPart } from '../supervise/child-part.ts';
import type { Guard } from '../supervise/guard.ts';
import { answersOk } from '../supervise/http-probe.ts';
import type { LogFile } from '../supervise/log-file.ts';
import type { Part } from '../supervise/part.ts';
import { natsConfiguration, type BusUser } from './nats-configuration.ts';
import type { NatsServerProgram } from './resolve-nats-server.ts';

const mebibyte = 1024 * 1024;

export interface NatsPart {
  readonly part: Part;
  readonly port: number;
  urlFor(user: BusUser): string;
}

/** The embedded NATS server; its store and its configuration are in `folder`. */
export async function natsPart(program: NatsServerProgram, folder: string, passwords: Readonly<Record<BusUser, string>>, log: LogFile, guard: Guard): Promise<NatsPart> {
  const storeFolder = join(folder, 'jetstream');
  await mkdir(storeFolder, { recursive: true, mode: 0o700 });
  const [port, monitorPort] = [await freePort(), await freePort()];
  const file = join(folder, 'nats.conf');
  await writeFile(file, natsConfiguration({ host: '127.0.0.1', port, monitorPort, storeFolder, maxStoreBytes: await storeBytes(folder), version: program.version, passwords }), { mode: 0o600 });
  const isHealthy = (): Promise<boolean> => answersOk(`http://127.0.0.1:${monitorPort}/healthz`);
  return {
    port,
    urlFor: (user) => `nats://${user}:${passwords[user]}@127.0.0.1:${port}`,
    part: childPart({
      name: 'nats', program: program.path, parameters: ['-c', file], cwd: folder, env: { PATH: process.env['PATH'] }, log, guard,
      isReady: isHealthy, isAlive: isHealthy, readyWithinMs: 30_000,
    }),
  };
}

/** At most 70 % of what is free, so that the broker says "full" before the disk is. */
async function storeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(256 * mebibyte, Math.min(4_096 * mebibyte, Math.floor(bavail * bsize * 0.7)));
}
