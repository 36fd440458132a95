import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { TokenFlow } from '@tributary/api-contracts';
import { SqlPool } from '@tributary/persistence';
import { Rounds } from '@tributary/service-kit';
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

/** What is known of a way's uses. */
interface UsedWay {
  latest: WayUse;
  /** What the database has; undefined before the first time. */
  noted: WayUse | undefined;
  notedAtMs: number;
  /** So often a use is noted that tells nothing new: not of all ways in the same second. */
  readonly everyMs: number;
}

const roundMs = 1_000;
const leastMs = 5_000;
const mostMs = 15_000;
/** One statement of a thousand rows would hold up the leases of its moment. */
const rowsAtOnce = 100;

/**
 * The last use of each way in, kept in memory, so that lending a token costs no write of its own: what is new is written within a second, that it is
 * still used every ten seconds or so.
 */
@Injectable()
export class WayUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #ways = new Map<string, UsedWay>();
  readonly #rounds = new Rounds({ name: 'way-use', everyMs: roundMs }, () => this.#round());

  constructor(private readonly pool: SqlPool) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  lent(use: WayUse): void {
    const key = `${use.connectionId} ${use.kind}`;
    const way = this.#ways.get(key);
    if (way === undefined) this.#ways.set(key, { latest: use, noted: undefined, notedAtMs: 0, everyMs: leastMs + Math.random() * (mostMs - leastMs) });
    else way.latest = use;
  }

  /** Writes what is not written yet, of some connections or of all; readers call it first. */
  async flush(connectionIds?: readonly string[]): Promise<void> {
    const wanted = connectionIds && new Set(connectionIds);
    await this.#write([...this.#ways.values()].filter(({ latest, noted }) => latest !== noted && (wanted?.has(latest.connectionId) ?? true)));
  }

  /** Before the pools end; what cannot be written then is lost: it is for people to look at. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
    await this.flush().catch((error: unknown) => new Logger('way-use').warn(`uses were not noted: ${error instanceof Error ? error.message : 'unknown'}`));
  }

  async #round(): Promise<void> {
    const now = performance.now();
    const due = [...this.#ways].filter(([, { latest, noted, notedAtMs, everyMs }]) => isNews(latest, noted) || notedAtMs + everyMs < now);
    for (const [key, { latest, noted }] of due) if (latest === noted) this.#ways.delete(key);
    await this.#write(due.map(([, way]) => way).filter(({ latest, noted }) => latest !== noted));
  }

  async #write(ways: readonly UsedWay[]): Promise<void> {
    for (let from = 0; from < ways.length; from += rowsAtOnce) {
      const uses = ways.slice(from, from + rowsAtOnce).map((way) => ({ way, use: way.latest }));
      const column = <T>(of: (use: WayUse) => T): T[] => uses.map(({ use }) => of(use));
      await this.pool.query({
        name: 'way-uses', text: write, values: [
          column(({ connectionId }) => connectionId), column(({ kind }) => kind), column(({ at }) => at), column(({ purpose }) => purpose), column(({ flow }) => flow), column(({ reason }) => reason),
        ],
      });
      for (const { way, use } of uses) Object.assign(way, { noted: use, notedAtMs: performance.now() });
    }
  }
}

/** Whether a use says more than that the way is used on. */
function isNews(use: WayUse, noted: WayUse | undefined): boolean {
  return use.purpose !== noted?.purpose || use.flow !== noted.flow || use.reason !== noted.reason;
}

const write = `insert into way_use (connection_id, workspace_id, kind, last_used_at, last_purpose, last_flow, last_reason)
  select n.connection_id, c.workspace_id, n.kind, n.at, n.purpose, n.flow, n.reason
    from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) as n (connection_id, kind, at, purpose, flow, reason) join connection c on c.id = n.connection_id
    order by n.connection_id, n.kind
  on conflict (connection_id, kind) do update
    set last_used_at = excluded.last_used_at, last_purpose = excluded.last_purpose, last_flow = excluded.last_flow, last_reason = excluded.last_reason
    where excluded.last_used_at >= way_use.last_used_at`;
