import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { TokenFlow } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import type { Purpose, WayKind } from './choose-way.ts';

/** A token that was lent by a way. */
export interface WayUse {
  readonly connectionId: string;
  readonly kind: WayKind;
  readonly at: Date;
  readonly purpose: Purpose;
  readonly flow: TokenFlow;
  readonly reason: string;
}

const flushMs = 1_000;

/** The last use of each way in: kept in memory and written once a second, so that lending a token costs no write of its own. */
@Injectable()
export class WayUses implements BeforeApplicationShutdown {
  readonly #log = new Logger('way-use');
  #uses = new Map<string, WayUse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly pool: SqlPool) {}

  lent(use: WayUse): void {
    this.#uses.set(`${use.connectionId} ${use.kind}`, use);
    this.#timer ??= setTimeout(() => void this.#flushQuietly(), flushMs).unref();
  }

  /** Writes what was noted; readers call it first. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const uses = [...this.#uses.values()];
    if (uses.length === 0) return;
    this.#uses = new Map();
    const column = <T>(of: (use: WayUse) => T): T[] => uses.map(of);
    await this.pool.query(write, [
      column(({ connectionId }) => connectionId), column(({ kind }) => kind), column(({ at }) => at), column(({ purpose }) => purpose), column(({ flow }) => flow), column(({ reason }) => reason),
    ]);
  }

  /** Before the pools end. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#flushQuietly();
  }

  /** What cannot be written is lost: it is for people to look at. */
  async #flushQuietly(): Promise<void> {
    await this.flush().catch((error: unknown) => this.#log.warn(`uses were not noted: ${error instanceof Error ? error.message : 'unknown'}`));
  }
}

const write = `insert into way_use (connection_id, workspace_id, kind, last_used_at, last_purpose, last_flow, last_reason)
  select n.connection_id, c.workspace_id, n.kind, n.at, n.purpose, n.flow, n.reason
    from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) as n (connection_id, kind, at, purpose, flow, reason) join connection c on c.id = n.connection_id
    order by n.connection_id, n.kind
  on conflict (connection_id, kind) do update
    set last_used_at = excluded.last_used_at, last_purpose = excluded.last_purpose, last_flow = excluded.last_flow, last_reason = excluded.last_reason
    where excluded.last_used_at >= way_use.last_used_at`;
