import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The master key of a development installation: made once and kept in its data folder. */
export async function developmentMasterKey(dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'master.key');
  await mkdir(dataFolder, { recursive: true });
  // `wx` lets exactly one of several starting processes make it.
  await writeFile(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}
