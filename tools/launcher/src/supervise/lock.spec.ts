import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';
import { processIdentity } from './process-identity.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-lock-'));
  path = join(folder, 'launcher.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  it('is held by one launcher, whose number the other is told', () => {
    const lock = takeLock(path, folder);
    expect(() => takeLock(path, folder)).toThrow(`Tributary already runs on ${folder} (process ${process.pid})`);
    lock.release();
    takeLock(path, folder).release();
    expect(existsSync(path)).toBe(false);
  });

  it('is taken over from a launcher that is gone', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(path, JSON.stringify({ pid, startedAt: '1' }));
    takeLock(path, folder);
    expect(await readdir(folder)).toEqual(['launcher.lock']);
  });

  it('is taken over when its number belongs to another process by now', () => {
    writeFileSync(path, JSON.stringify({ ...processIdentity(process.pid), startedAt: '1' }));
    expect(() => takeLock(path, folder)).not.toThrow();
  });

  it('is taken over when the file is damaged', () => {
    writeFileSync(path, '{"pid":');
    expect(() => takeLock(path, folder)).not.toThrow();
  });
});
