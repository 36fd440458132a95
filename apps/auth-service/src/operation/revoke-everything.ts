import { Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { IssueFloor } from '../grant/issue-floor.ts';
import { Revocations } from '../grant/revocations.ts';
import { EndAccess } from './end-access.ts';
import { RewrapKeys, type Rewrapped } from './rewrap-keys.ts';

export interface RevokedEverything {
  /** Access tokens stored before are lent to nobody. */
  readonly notIssuedBefore: string;
  readonly connections: number;
  readonly tokens: number;
  /** Confirmed by Salesforce; the rest is tried again by itself for seven days. */
  readonly confirmed: number;
  /** Connections that could not be worked on, with the reason. */
  readonly failed: readonly { readonly connectionId: string; readonly reason: string }[];
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
    private readonly rewrap: RewrapKeys,
  ) {}

  /** Safe to run again: what is revoked already is not counted twice. */
  async execute(): Promise<RevokedEverything> {
    const startedAt = performance.now();
    const at = await this.floor.raise();
    const { rows } = await this.pool.query<{ id: string }>("select distinct connection_id as id from oauth_grant where state in ('live', 'dead')");
    const results = await eachAtOnce(rows, ({ id }) => this.#revoke(id));
    const tokens = results.flatMap((result) => ('ids' in result ? result.ids : []));
    const confirmed = await eachAtOnce(tokens, (id) => this.revocations.attempt(id).catch(() => false));
    const keys = await this.rewrap.execute();
    const report = {
      notIssuedBefore: at.toISOString(), connections: rows.length, tokens: tokens.length, confirmed: confirmed.filter(Boolean).length,
      failed: results.flatMap((result) => ('reason' in result ? [result] : [])), keys, seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    };
    this.#log.error(`every access was revoked by the operator: ${report.connections} connections, ${report.confirmed} of ${report.tokens} tokens confirmed by Salesforce`);
    return report;
  }

  async #revoke(connectionId: string): Promise<{ readonly ids: readonly string[] } | { readonly connectionId: string; readonly reason: string }> {
    try {
      return { ids: await this.endAccess.execute(connectionId) };
    } catch (error) {
      this.#log.error(`connection ${connectionId} could not be revoked`, error instanceof Error ? error.stack : undefined);
      return { connectionId, reason: error instanceof Error ? error.message : 'unknown' };
    }
  }
}

async function eachAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.values();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const item of left) results.push(await work(item));
  }));
  return results;
}
