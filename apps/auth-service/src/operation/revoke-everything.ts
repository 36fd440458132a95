import { Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { eachInParallel } from '@tributary/service-kit';
import { IssueFloor } from '../grant/issue-floor.ts';
import { Revocations } from '../grant/revocations.ts';
import { DestroySigningKeys } from '../signing-key/destroy-signing-keys.ts';
import { EndAccess } from './end-access.ts';
import { RewrapKeys, type Rewrapped } from './rewrap-keys.ts';

export interface RevokedEverything {
  /** Access tokens stored before are lent to nobody. */
  readonly notIssuedBefore: string;
  readonly connections: number;
  /** Refresh tokens on their way out, with those that waited for Salesforce before. */
  readonly tokens: number;
  readonly confirmed: number;
  /** Connections with a token that Salesforce has not confirmed yet: it is tried again by itself for seven days, and at once by running this again. */
  readonly unconfirmed: readonly string[];
  /** Connections that could not be worked on, with the reason. */
  readonly failed: readonly { readonly connectionId: string; readonly reason: string }[];
  /** Keys whose private half was destroyed: with one that is trusted at Salesforce anybody who has it comes back in. */
  readonly signingKeys: number;
  readonly keys: Rewrapped;
  readonly seconds: number;
}

const atOnce = 8;

/** The emergency brake: nothing stored before is of use to anybody afterwards. */
@Injectable()
export class RevokeEverything {
  readonly #log = new Logger('operation');

  constructor(
    private readonly pool: SqlPool,
    private readonly floor: IssueFloor,
    private readonly endAccess: EndAccess,
    private readonly revocations: Revocations,
    private readonly signingKeys: DestroySigningKeys,
    private readonly rewrap: RewrapKeys,
  ) {}

  /** Safe to run again: what is revoked already is not counted twice. */
  async execute(): Promise<RevokedEverything> {
    const startedAt = performance.now();
    const at = await this.floor.raise();
    const signingKeys = await this.signingKeys.execute();
    const { rows } = await this.pool.query<{ id: string }>("select distinct connection_id as id from oauth_grant where state in ('live', 'dead')");
    const results = await eachInParallel(rows, atOnce, async ({ id }) => this.#revoke(id));
    const { rows: tokens } = await this.pool.query<{ id: string; connectionId: string }>('select id, connection_id as "connectionId" from revocation order by id');
    const confirmed = await eachInParallel(tokens, atOnce, ({ id }) => this.revocations.attempt(id).catch(() => false));
    const unconfirmed = new Set(tokens.filter((_token, index) => confirmed[index] !== true).map(({ connectionId }) => connectionId));
    const keys = await this.rewrap.execute();
    const report = {
      notIssuedBefore: at.toISOString(), connections: rows.length, tokens: tokens.length, confirmed: confirmed.filter(Boolean).length,
      unconfirmed: [...unconfirmed], failed: results.filter((result) => result !== undefined), signingKeys, keys, seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    };
    this.#log.error(`every access was revoked by the operator: ${report.connections} connections, ${report.confirmed} of ${report.tokens} tokens confirmed by Salesforce, ${report.signingKeys} signing keys destroyed`);
    return report;
  }

  /** @returns why it could not be done; undefined when it was */
  async #revoke(connectionId: string): Promise<RevokedEverything['failed'][number] | undefined> {
    try {
      await this.endAccess.execute(connectionId);
      return undefined;
    } catch (error) {
      this.#log.error(`connection ${connectionId} could not be revoked`, error instanceof Error ? error.stack : undefined);
      return { connectionId, reason: error instanceof Error ? error.message : 'unknown' };
    }
  }
}
