import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AuthConfig } from '../config.ts';

/** Who this process is when it holds a row: its data folder (whose escrow it can read), and itself. */
@Injectable()
export class InstanceIdentity {
  /** The same for all processes that work with this data folder, also after a restart. */
  readonly instance: string;
  /** This process only; starts with `instance`. */
  readonly owner: string;

  constructor(@Inject(CONFIG) { dataFolder }: Pick<AuthConfig, 'dataFolder'>) {
    this.instance = instanceOf(dataFolder);
    this.owner = `${this.instance}/${randomUUID()}`;
  }
}

function instanceOf(dataFolder: string): string {
  const file = join(dataFolder, 'auth-instance');
  mkdirSync(dataFolder, { recursive: true });
  try {
    writeFileSync(file, randomUUID(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
