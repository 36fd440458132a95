import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Root folder of the repository. */
export const repositoryRoot = resolve(import.meta.dirname, '..', '..', '..', '..');

/** Folder for programs that were fetched once: in the repository, or the person's own when that is read-only. */
export function cacheFolder(): string {
  try {
    accessSync(repositoryRoot, constants.W_OK);
    return join(repositoryRoot, '.cache');
  } catch {
    return personalCacheFolder();
  }
}

/** Folder for programs outside the repository; every account can read the one of root. */
export function personalCacheFolder(): string {
  return isRoot() ? '/var/cache/tributary' : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tributary');
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
