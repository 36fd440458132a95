import { Inject, Injectable, Logger } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type AuthConfig } from '../config.ts';
import { VaultMeter } from '../vault/vault-meter.ts';
import { Vault } from '../vault/vault.ts';

/** What became of the data keys. */
export interface Rewrapped {
  /** Id of the master key that seals now. */
  readonly sealing: string;
  readonly rewrapped: number;
  /** Keys that could not be opened with any configured master key; they were left as they are. */
  readonly unreadable: number;
  /** Data keys by the master key that wraps them. Done when only the sealing one is left. */
  readonly wrappedBy: Readonly<Record<string, number>>;
  readonly complete: boolean;
  /** Wraps by master key since it was first used. */
  readonly wraps: Readonly<Record<string, number>>;
}

interface Row {
  readonly ownerId: string;
  readonly kekId: string;
  readonly wrapped: Buffer;
  readonly workspaceId: string;
  readonly connectionId: string;
}

const batchRows = 200;

/** Wraps every data key with the first master key, while everything goes on; the data itself are not touched. */
@Injectable()
export class RewrapKeys {
  readonly #log = new Logger('vault');

  constructor(
    private readonly pool: SqlPool,
    private readonly vault: Vault,
    private readonly meter: VaultMeter,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'keyRing'>,
  ) {}

  async execute(): Promise<Rewrapped> {
    const sealing = this.config.keyRing.sealing.id;
    let [rewrapped, unreadable] = [0, 0];
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const batch = await this.#batch(sealing, after);
      rewrapped += batch.rewrapped;
      unreadable += batch.unreadable;
      if (batch.last === undefined) break;
      after = batch.last;
    }
    const { rows } = await this.pool.query<{ kekId: string; keys: number }>('select kek_id as "kekId", count(*)::int as keys from vault_key group by kek_id order by kek_id');
    const wrappedBy = Object.fromEntries(rows.map(({ kekId, keys }) => [kekId, keys]));
    const complete = Object.keys(wrappedBy).every((id) => id === sealing);
    this.#log.warn(`${rewrapped} data keys were wrapped anew by master key ${sealing}${complete ? '; the others may be taken off TRIBUTARY_MASTER_KEY' : `; ${unreadable} cannot be opened`}`);
    return { sealing, rewrapped, unreadable, wrappedBy, complete, wraps: await this.meter.wraps() };
  }

  /** Each row is held until its new wrapping is committed, and read back with it before. */
  async #batch(sealing: string, after: string): Promise<{ rewrapped: number; unreadable: number; last: string | undefined }> {
    return this.pool.transaction(async (client) => {
      const { rows } = await client.query<Row>(olderKeys, [sealing, after, batchRows]);
      let [rewrapped, unreadable] = [0, 0];
      for (const { ownerId, kekId, wrapped, workspaceId, connectionId } of rows) {
        const renewed = this.vault.rewrapped({ ownerId, workspaceId, connectionId }, { kekId, wrapped });
        if (renewed === undefined) unreadable += 1;
        else rewrapped += (await client.query('update vault_key set kek_id = $2, wrapped = $3 where owner_id = $1', [ownerId, renewed.kekId, renewed.wrapped])).rowCount ?? 0;
      }
      return { rewrapped, unreadable, last: rows.at(-1)?.ownerId };
    });
  }
}

/** Owners are grants and revocations, which belong to a connection, and what belongs to none. */
const olderKeys = `select k.owner_id as "ownerId", k.kek_id as "kekId", k.wrapped,
    coalesce(g.workspace_id::text, r.workspace_id::text, '-') as "workspaceId", coalesce(g.connection_id::text, r.connection_id::text, '-') as "connectionId"
  from vault_key k left join oauth_grant g on g.id = k.owner_id left join revocation r on r.id = k.owner_id
  where k.kek_id <> $1 and k.owner_id > $2 order by k.owner_id limit $3 for update of k`;
