import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { resolveNatsServer } from './resolve-nats-server.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-nats-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A program that says of itself that it is this version. */
function aServer(place: string, version: string): string {
  mkdirSync(join(folder, place), { recursive: true });
  const path = join(folder, place, 'nats-server');
  writeFileSync(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

it.each([
  ['is not there', () => join(folder, 'nothing'), /^NATS_SERVER_BIN names .*nothing, which is not a nats-server that runs here: correct it or unset it\.$/],
  ['is too old', () => aServer('old', '2.8.4'), /^NATS_SERVER_BIN names nats-server 2\.8\.4, but 2\.9\.0 or newer is needed\.$/],
])('says of the program that is named and %s what to do', async (_what, named, sentence) => {
  await expect(resolveNatsServer({ env: { NATS_SERVER_BIN: named() }, cache: join(folder, 'cache') })).rejects.toThrow(sentence);
});

it('takes the one that is named, else the one it has fetched, else the one of the machine when that is new enough', async () => {
  const [named, cached, installed] = [aServer('named', '2.11.1'), aServer('cache', '2.10.27'), aServer('path', '2.10.29')];
  vi.stubEnv('PATH', `${join(folder, 'path')}:${process.env['PATH'] ?? ''}`);
  expect(await resolveNatsServer({ env: { NATS_SERVER_BIN: named }, cache: join(folder, 'cache') })).toEqual({ path: named, version: '2.11.1', source: 'NATS_SERVER_BIN' });
  expect(await resolveNatsServer({ env: {}, cache: join(folder, 'cache') })).toEqual({ path: cached, version: '2.10.27', source: 'the cache' });
  rmSync(cached);
  expect(await resolveNatsServer({ env: {}, cache: join(folder, 'cache') })).toMatchObject({ version: '2.10.29', source: 'the PATH' });
  expect(installed).toContain('path');
});

it('says in one sentence that none is to be had, why, and what to do', async () => {
  // A machine without packages, without Docker and without a server.
  vi.stubEnv('PATH', join(folder, 'empty'));
  await expect(resolveNatsServer({ env: {}, cache: join(folder, 'cache') })).rejects
    .toThrow(/^nats-server 2\.9\.0 or newer is missing and could not be fetched \(apt: .+; Docker: .+\): install it, for example with "apt-get install nats-server", or set NATS_SERVER_BIN to its path\.$/);
});
