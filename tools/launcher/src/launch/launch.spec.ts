import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProduct } from './start-product.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-launch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a start that cannot succeed', () => {
  it('names the port that is in use and the variable that changes it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startProduct({ dataDir: join(folder, 'data'), env: { TRIBUTARY_PORT: String(port) } })).rejects
      .toThrow(`Port ${port} is used by another program: end that program, or set TRIBUTARY_PORT to a free port, for example TRIBUTARY_PORT=${port + 1} npm start.`);
    other.close();
    expect(existsSync(join(folder, 'data', 'launcher.lock'))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('says of a port that only root may use which ones are free to use', async () => {
    await expect(startProduct({ dataDir: join(folder, 'data'), env: { TRIBUTARY_PORT: '80' } })).rejects.toThrow('Port 80 is not for this account: set TRIBUTARY_PORT to one from 1024 on');
  });

  it('says of a disk that is nearly full how much is needed and what to do', async ({ skip }) => {
    const small = join(folder, 'small');
    await mkdir(small);
    // Only an administrator can make a small disk.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', small]).status !== 0) return skip();
    try {
      await expect(startProduct({ dataDir: small, env: { TRIBUTARY_PORT: '0' } })).rejects.toThrow(`The disk of ${small} has only 16 MB free and 512 MB are needed: free some space, or set TRIBUTARY_DATA_DIR to a folder on another disk.`);
    } finally {
      spawnSync('umount', [small]);
    }
  });

  it('names a wrong variable before anything is made', async () => {
    await expect(startProduct({ dataDir: join(folder, 'data'), env: { TRIBUTARY_PORT: 'many' } })).rejects.toThrow('The configuration is wrong. TRIBUTARY_PORT: must be a port number.');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('names a data folder that cannot be used', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(startProduct({ dataDir: join(folder, 'file', 'data') })).rejects.toThrow(/^The data folder .*\/file\/data cannot be used \(ENOTDIR.*\): make it yours, or set TRIBUTARY_DATA_DIR to another folder\.$/);
  });
});
