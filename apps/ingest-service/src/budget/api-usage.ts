import { Injectable } from '@nestjs/common';
import { SyncSettings } from '@tributary/api-contracts';
import { budgetLow, type ConnectionId } from '@tributary/event-contracts';
import { RateLimited } from '@tributary/failures';
import { Outbox, SqlPool } from '@tributary/persistence';
import type { ApiUsage } from '@tributary/salesforce-client';
import { budgetVerdict, ceilingOf, usualRules, type BudgetRules } from './budget.ts';

const writeEveryMs = 1_000;
/** Usage is a rolling day: by then others' calls may have left it. */
const reservedHoldMs = 30 * 60_000;
const runUsedHoldMs = 5 * 60_000;

interface Known {
  rules: BudgetRules;
  usage: ApiUsage | undefined;
  writtenAt: number;
  low: boolean;
}

/** API calls of each org as Salesforce counts them. */
@Injectable()
export class ApiUsages {
  readonly #known = new Map<ConnectionId, Known>();

  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Reads the rules that hold for a connection. A run asks Salesforce anew what is used, and so does who would be refused by what was told earlier;
   * what comes beside a run leaves its count alone.
   */
  async begin(connectionId: ConnectionId, isRun: boolean): Promise<void> {
    const { rows: [row] } = await this.pool.query<{ sync_settings: unknown; budget_low: boolean }>('select sync_settings, budget_low from connection where id = $1', [connectionId]);
    const { totalShare, runShare } = SyncSettings.parse(row?.sync_settings ?? {});
    const told = this.#known.get(connectionId)?.usage;
    const usage = isRun || told === undefined || told.used >= ceilingOf(told.limit, totalShare) ? undefined : told;
    this.#known.set(connectionId, { rules: { totalShare, runShare }, usage, writtenAt: -Infinity, low: row?.budget_low ?? false });
  }

  /** Counts a call whose answer did not tell the usage, on top of what was told last. */
  countUntold(connectionId: ConnectionId): void {
    const usage = this.#known.get(connectionId)?.usage;
    if (usage !== undefined) this.observe(connectionId, { ...usage, used: usage.used + 1 });
  }

  /** Notes what an answer said; stored at most once a second. */
  observe(connectionId: ConnectionId, usage: ApiUsage): void {
    const known = this.#known.get(connectionId) ?? { rules: usualRules, usage: undefined, writtenAt: -Infinity, low: false };
    const low = usage.used >= ceilingOf(usage.limit, known.rules.totalShare);
    const due = known.usage === undefined || low !== known.low || performance.now() - known.writtenAt > writeEveryMs;
    this.#known.set(connectionId, { ...known, usage, low, writtenAt: due ? performance.now() : known.writtenAt });
    if (due) this.#store(connectionId, usage, low).catch(() => undefined);
  }

  /** Calls that may still be made for the connection; undefined until Salesforce told. */
  left(connectionId: ConnectionId): number | undefined {
    const known = this.#known.get(connectionId);
    return known?.usage === undefined ? undefined : Math.max(0, ceilingOf(known.usage.limit, known.rules.totalShare) - known.usage.used);
  }

  /** @throws RateLimited `API_BUDGET_RESERVED` when fewer calls than asked for are left for Tributary */
  requireCalls(connectionId: ConnectionId, calls: number): void {
    const usage = this.#known.get(connectionId)?.usage;
    if (usage !== undefined && (this.left(connectionId) ?? calls) < calls) throw reserved(usage);
  }

  /**
   * @param runCalls made by the run so far
   * @throws RateLimited `API_BUDGET_RESERVED` when what is left of the org's limit is reserved for other tools, `API_BUDGET_RUN` when the run has had its share
   */
  requireRoom(connectionId: ConnectionId, runCalls: number): void {
    const known = this.#known.get(connectionId);
    if (known?.usage === undefined) return;
    const verdict = budgetVerdict(known.usage, runCalls, known.rules);
    if (verdict.kind === 'reserved') throw reserved(known.usage);
    if (verdict.kind === 'run-used') throw new RateLimited('API_BUDGET_RUN', `This run has made the ${verdict.ceiling} API calls one run may make.`, { retryAfterMs: runUsedHoldMs });
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

function reserved({ used, limit }: ApiUsage): RateLimited {
  return new RateLimited('API_BUDGET_RESERVED', `${used} of ${limit} API calls of the org are used; the rest is left to other tools.`, { retryAfterMs: reservedHoldMs });
}
