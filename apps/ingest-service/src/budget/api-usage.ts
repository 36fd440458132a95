import { Injectable } from '@nestjs/common';
import { budgetLow, type ConnectionId } from '@tributary/event-contracts';
import { RateLimited } from '@tributary/failures';
import { Outbox, SqlPool } from '@tributary/persistence';
import type { ApiUsage } from '@tributary/salesforce-client';

const ceilingShare = 0.8;
const writeEveryMs = 1_000;

/** Calls after which Tributary leaves the rest of the org's daily limit to other tools. */
export function ceilingOf(limit: number): number {
  return Math.floor(limit * ceilingShare);
}

/** API calls of each org as Salesforce counts them. */
@Injectable()
export class ApiUsages {
  readonly #latest = new Map<ConnectionId, { usage: ApiUsage; writtenAt: number; low: boolean }>();

  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
  ) {}

  /** Notes what an answer said; stored at most once a second. */
  observe(connectionId: ConnectionId, usage: ApiUsage): void {
    const known = this.#latest.get(connectionId);
    const low = usage.used >= ceilingOf(usage.limit);
    const due = known === undefined || low !== known.low || performance.now() - known.writtenAt > writeEveryMs;
    this.#latest.set(connectionId, { usage, low, writtenAt: due ? performance.now() : known.writtenAt });
    if (due) this.#store(connectionId, usage, low).catch(() => undefined);
  }

  /** @throws RateLimited `API_BUDGET_RESERVED` when what is left of the org's limit is reserved for other tools */
  requireRoom(connectionId: ConnectionId): void {
    const known = this.#latest.get(connectionId);
    if (known === undefined || !known.low) return;
    // Usage is a rolling day: asking again shows when there is room.
    this.#latest.delete(connectionId);
    throw new RateLimited('API_BUDGET_RESERVED', `${known.usage.used} of ${known.usage.limit} API calls of the org are used; the rest is left to other tools.`, { retryAfterMs: 30 * 60_000 });
  }

  async #store(connectionId: ConnectionId, { used, limit }: ApiUsage, low: boolean): Promise<void> {
    await this.pool.transaction(async (client) => {
      const { rows: [before] } = await client.query<{ budget_low: boolean }>('select budget_low from connection where id = $1 for update', [connectionId]);
      if (before === undefined) return;
      await client.query('update connection set api_used = $2, api_limit = $3, api_as_of = now(), budget_low = $4 where id = $1', [connectionId, used, limit, low]);
      if (low && !before.budget_low) await this.outbox.addWith(client, budgetLow.create({ connectionId, used, limit }));
    });
  }
}
