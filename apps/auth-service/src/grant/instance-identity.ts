import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type AuthConfig } from '../config.ts';
import { instanceId } from '../vault/local-identity.ts';

/** Who this process is when it holds a row: its data folder (whose escrow it can read), and itself. */
@Injectable()
export class InstanceIdentity {
  /** The same for all processes that work with this data folder, also after a restart. */
  readonly instance: string;
  /** This process only; starts with `instance`. */
  readonly owner: string;

  constructor(@Inject(CONFIG) { dataFolder }: Pick<AuthConfig, 'dataFolder'>) {
    this.instance = instanceId(dataFolder);
    this.owner = `${this.instance}/${randomUUID()}`;
  }
}
