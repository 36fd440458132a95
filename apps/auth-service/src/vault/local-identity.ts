import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { onceInFile } from './once-in-file.ts';

/** The master key of a development installation: made once and kept in its data folder. */
export function developmentMasterKey(dataFolder: string): string {
  return onceInFile(join(dataFolder, 'master.key'), () => randomBytes(32).toString('base64'));
}

/** The id by which processes that share a data folder know each other; made once. */
export function instanceId(dataFolder: string): string {
  return onceInFile(join(dataFolder, 'auth-instance'), () => randomUUID());
}
