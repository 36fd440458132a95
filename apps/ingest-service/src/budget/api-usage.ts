import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SyncSettings } from '@tributary/api-contracts';
import { budgetLow, type ConnectionId } from '@tributary/event-contracts';
import { Outbox, SqlPool } from '@tributary/persistence';
import type { ApiUsage } from '@tributary/salesforce-client';
import { CONFIG, type IngestConfig } from '../config.ts';
import { ceilingOf } from './budget.ts';
import { CallBudget } from './call-budget.ts';
import { OrgBudget } from './org-budget.ts';
import { sweepOrgUsages } from './org-usage.store.ts';
import { RunCalls } from './run-calls.ts';

const lookEveryMs = 500;
const writeEveryMs = 1_000;

/** For whom calls are made, and of which org. */
export interface BudgetOrigin {
  readonly connectionId: ConnectionId;
  /** Such as its host: what is used is counted by org. */
  readonly org: string;
  /** Undefined for what a person asks for. */
  readonly runId?: string | undefined;
}

/** API calls of each org, over all processes together. */
@Injectable()
export class ApiUsages implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('api-usage');
  /** Of its own: a call must not wait until the work gives a connection back, which may itself wait for the call. */
  readonly #sql: SqlPool;
  /** By org and by how much of its limit may be used. */
  readonly #orgs = new Map<string, OrgBudget>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    @Inject(CONFIG) { databaseUrl }: Pick<IngestConfig, 'databaseUrl'>,
  ) {
    this.#sql = SqlPool.forService({ schema: 'ingest', url: databaseUrl, poolMax: 2, idleTimeoutMs: 0 });
  }

  async onApplicationBootstrap(): Promise<void> {
    await sweepOrgUsages(this.#sql);
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await Promise.allSettled([...this.#orgs.values()].map(async (org) => org.end()));
    await this.#sql.onApplicationShutdown();
  }

  /** What a run, or a request of a person, may use, by the rules that hold for the connection now. */
  async open({ connectionId, org, runId }: BudgetOrigin): Promise<CallBudget> {
    const { rows: [row] } = await this.pool.query<{ sync_settings: unknown; budget_low: boolean }>('select sync_settings, budget_low from connection where id = $1', [connectionId]);
    const { totalShare, runShare } = SyncSettings.parse(row?.sync_settings ?? {});
    const onUsage = this.#writer(connectionId, totalShare, row?.budget_low ?? false);
    return new CallBudget(this.#of(org, totalShare), new RunCalls(this.#sql, runId), { rules: { totalShare, runShare }, isRun: runId !== undefined, onUsage });
  }

  #of(org: string, totalShare: number): OrgBudget {
    const key = `${org} ${totalShare}`;
    const found = this.#orgs.get(key) ?? new OrgBudget(org, totalShare, this.#sql);
    this.#orgs.set(key, found);
    return found;
  }

  #look(): void {
    this.#round ??= Promise.all([...this.#orgs.values()].map(async (org) => org.look(performance.now())))
      .then(() => undefined, (error: unknown) => this.#log.warn(`reserved API calls could not be given back or renewed: ${String(error)}`))
      .finally(() => (this.#round = undefined));
  }

  /** Notes what is used for people to see, once a second at most. */
  #writer(connectionId: ConnectionId, totalShare: number, wasLow: boolean): (usage: ApiUsage) => void {
    let isLow = wasLow;
    let writtenAtMs = -Infinity;
    return (usage) => {
      const low = usage.used >= ceilingOf(usage.limit, totalShare);
      if (low === isLow && performance.now() - writtenAtMs <= writeEveryMs) return;
      [isLow, writtenAtMs] = [low, performance.now()];
      this.#write(connectionId, usage, low).catch(() => undefined);
    };
  }

  async #write(connectionId: ConnectionId, { used, limit }: ApiUsage, low: boolean): Promise<void> {
    const written = 'update connection set api_used = $2, api_limit = $3, api_as_of = now(), budget_low = $4 where id = $1';
    if (!low) {
      await this.pool.query(written, [connectionId, used, limit, low]);
      return;
    }
    await this.pool.transaction(async (client) => {
      const { rows: [before] } = await client.query<{ budget_low: boolean }>('select budget_low from connection where id = $1 for no key update', [connectionId]);
      if (before === undefined) return;
      await client.query(written, [connectionId, used, limit, low]);
      if (!before.budget_low) await this.outbox.addWith(client, budgetLow.create({ connectionId, used, limit }));
    });
  }
}
