import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The text of a file that is made when it is missing, readable by its owner alone. Of several processes that start together one makes it,
 * and none ever reads half of it: a link appears whole or not at all.
 */
export function onceInFile(file: string, make: () => string): string {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (!has(error, 'ENOENT')) throw error;
  }
  writeFileSync(draft, make(), { flag: 'wx', mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!has(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

function has(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
