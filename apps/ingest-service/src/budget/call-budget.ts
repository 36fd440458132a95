import { RateLimited } from '@tributary/failures';
import type { ApiUsage } from '@tributary/salesforce-client';
import { runCeilingOf, type BudgetRules } from './budget.ts';
import type { Counted, OrgBudget } from './org-budget.ts';
import type { RunCalls } from './run-calls.ts';

/** Usage is a rolling day: by then others' calls may have left it. */
const reservedHoldMs = 30 * 60_000;
const runUsedHoldMs = 5 * 60_000;

/** For what calls are made. */
export interface Spender {
  readonly rules: BudgetRules;
  /** Else what a person asks for. */
  readonly isRun: boolean;
  /** Called with the usage after each call. */
  readonly onUsage: (usage: ApiUsage) => void;
}

/** What one run, or one request of a person, may use of an org's API calls. */
export class CallBudget {
  /** Whether Salesforce told the usage since the work began. */
  #isTold = false;
  /** Whether it asks Salesforce what is used before it lets itself be refused. */
  #asksFirst: boolean | undefined;

  constructor(
    private readonly org: OrgBudget,
    private readonly calls: RunCalls,
    private readonly spender: Spender,
  ) {
    if (spender.isRun) this.#asksFirst = true;
  }

  /**
   * Counts a call that is about to be made. A run asks Salesforce anew what is used, and so does who would be refused at once by what was told earlier: they are not refused before it told.
   * @param isTidying whether it is made in any case
   * @throws RateLimited `API_BUDGET_RESERVED` when what is left of the org's limit is reserved for other tools, `API_BUDGET_RUN` when the run has had its share
   */
  async take(isTidying: boolean): Promise<Counted> {
    const ceiling = this.#runCeiling;
    if (!(await this.calls.take(isTidying ? undefined : ceiling))) throw this.left() === 0 ? this.#reserved() : runUsed(ceiling ?? 0, this.spender.isRun);
    try {
      const counted = isTidying ? undefined : await this.org.take();
      this.#asksFirst ??= counted === undefined;
      if (counted !== undefined) return counted;
      if (isTidying || (this.#asksFirst && !this.#isTold)) return this.org.beside();
      throw this.#reserved();
    } catch (error) {
      this.calls.giveBack();
      throw error;
    }
  }

  /** A call that was counted was not made. */
  giveBack(counted: Counted): void {
    this.org.giveBack(counted);
    this.calls.giveBack();
  }

  /** A call that was counted has ended. @param usage as its answer told it */
  ended(counted: Counted, usage: ApiUsage | undefined): void {
    this.org.ended(counted, usage);
    if (usage !== undefined) this.#isTold = true;
    const now = usage ?? this.org.certainlyUsed;
    if (now !== undefined) this.spender.onUsage(now);
  }

  /** Asks for the usage by a call, whose answer tells it otherwise than other answers do. */
  async ask(call: () => Promise<ApiUsage | undefined>): Promise<void> {
    const made = await this.org.made();
    const usage = await call();
    if (usage === undefined) return;
    this.org.told(usage, made + 1);
    this.#isTold = true;
    this.spender.onUsage(usage);
  }

  /** Calls that may still be made; undefined until Salesforce told. */
  left(): number | undefined {
    const [usage, ceiling] = [this.org.usage, this.org.ceiling];
    return !this.#isTold || usage === undefined || ceiling === undefined ? undefined : Math.max(0, ceiling - usage.used);
  }

  /** @throws RateLimited `API_BUDGET_RESERVED` when fewer calls than asked for are left for Tributary */
  requireCalls(calls: number): void {
    if ((this.left() ?? calls) < calls) throw this.#reserved();
  }

  /** Gives back what was counted of the run and not made. */
  async end(): Promise<void> {
    await this.calls.end();
  }

  get #runCeiling(): number | undefined {
    const usage = this.org.usage;
    return usage === undefined ? undefined : runCeilingOf(usage.limit, this.spender.rules.runShare);
  }

  #reserved(): RateLimited {
    const { used, limit } = this.org.usage ?? { used: 0, limit: 0 };
    return new RateLimited('API_BUDGET_RESERVED', `${used} of ${limit} API calls of the org are used; the rest is left to other tools.`, { retryAfterMs: reservedHoldMs });
  }
}

function runUsed(ceiling: number, isRun: boolean): RateLimited {
  const who = isRun ? 'run' : 'request';
  return new RateLimited('API_BUDGET_RUN', `This ${who} has made the ${ceiling} API calls one ${who} may make.`, { retryAfterMs: runUsedHoldMs });
}
