import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../supervise/run-program.ts';
import { install } from './debian-package.ts';

const image = 'nats:2.10.27-alpine';

/** Copies the program out of the official image; it is linked statically and runs without a container. */
export async function fetchFromDocker(target: string): Promise<{ image: string } | { problem: string }> {
  const created = await runProgram('docker', ['create', image], { timeoutMs: 180_000 });
  const container = created.stdout.trim().split('\n').at(-1) ?? '';
  if (created.code !== 0 || container === '') return { problem: created.stderr.trim().split('\n').at(-1) ?? 'Docker is not there' };
  const folder = await mkdtemp(join(tmpdir(), 'tributary-docker-'));
  try {
    const copied = await runProgram('docker', ['cp', `${container}:/usr/local/bin/nats-server`, join(folder, 'nats-server')]);
    if (copied.code !== 0) return { problem: copied.stderr.trim() };
    await install(join(folder, 'nats-server'), target);
    return { image };
  } finally {
    await runProgram('docker', ['rm', '--force', container]);
    await rm(folder, { recursive: true, force: true });
  }
}
