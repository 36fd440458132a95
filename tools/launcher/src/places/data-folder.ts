import { accessSync, constants } from 'node:fs';
import { chmod, mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StartProblem } from '../terminal/start-problem.ts';
import { isRoot } from './places.ts';

const leastFreeBytes = 512 * 1024 * 1024;

/** The product's folder and the rooms in it. */
export interface DataFolder {
  readonly path: string;
  readonly secrets: string;
  readonly logs: string;
  readonly nats: string;
  readonly simulator: string;
  readonly runFile: string;
  readonly lockFile: string;
}

/** Paths in a data folder, without touching it. */
export function dataFolderAt(path: string): DataFolder {
  return {
    path,
    secrets: join(path, 'secrets'),
    logs: join(path, 'logs'),
    nats: join(path, 'nats'),
    simulator: join(path, 'simulator'),
    runFile: join(path, 'run.json'),
    lockFile: join(path, 'launcher.lock'),
  };
}

/**
 * Makes the folder, or checks that it can be used.
 * @throws StartProblem when it cannot be written to or its disk is nearly full
 */
export async function prepareDataFolder(path: string): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  try {
    await mkdir(path, { recursive: true });
    // The account of PostgreSQL walks through it when the launcher is root; nobody else can list it.
    await chmod(path, isRoot() ? 0o711 : 0o700);
    await Promise.all([folder.secrets, folder.logs, folder.nats, folder.simulator].map((room) => mkdir(room, { recursive: true, mode: 0o700 })));
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartProblem(`The data folder ${path} cannot be used (${messageOf(error)}): make it yours, or set TRIBUTARY_DATA_DIR to another folder.`, { cause: error });
  }
  await checkFreeSpace(path);
  return folder;
}

async function checkFreeSpace(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const problem = spaceProblem(path, bavail * bsize);
  if (problem !== undefined) throw new StartProblem(problem);
}

/** Undefined when there is room enough. */
export function spaceProblem(path: string, freeBytes: number): string | undefined {
  if (freeBytes >= leastFreeBytes) return undefined;
  const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;
  return `The disk of ${path} has only ${mebibytes(freeBytes)} free and ${mebibytes(leastFreeBytes)} are needed: free some space, or set TRIBUTARY_DATA_DIR to a folder on another disk.`;
}
