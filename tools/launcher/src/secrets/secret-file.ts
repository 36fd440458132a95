import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, StartProblem } from '../terminal/start-problem.ts';

/** Letters and digits only, so that it fits into any address, statement or configuration. */
export function randomPassword(): string {
  return randomBytes(24).toString('hex');
}

/**
 * Text of a file that only its owner can read; made on the first start and on the disk before anything relies on it.
 * @throws StartProblem when it exists but cannot be read
 */
export async function secretFile(path: string, make: () => string | Promise<string>): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw new StartProblem(`The secrets file ${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const text = await make();
  await writeSecretFile(path, text);
  return text;
}

/** Replaces the file at once, so that a crash leaves the old one or the new one. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
