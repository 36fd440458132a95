import { randomUUID } from 'node:crypto';
import { Unavailable } from '@tributary/failures';
import type { ApiUsage } from '@tributary/salesforce-client';
import type { Sql } from '../sql.ts';
import { ceilingOf } from './budget.ts';
import { keepOrgUsage, readOrgUsage, type KeptUsage } from './org-usage.store.ts';
import { countedCalls, exchange, newerTold, unknownUsage, type OrgUsage, type ToldUsage } from './org-usage.ts';

/** Milliseconds after which what a silent process reserved counts as made, by the database's clock. */
export const reservationMs = 60_000;
/** By this process's clock so much earlier. */
const marginMs = 5_000;
const renewEveryMs = 20_000;
/** What was not used for so long is given back, and what is known is told to the other processes. */
const idleMs = 2_000;
const mostTries = 100;

/** Leave for one call, counted before it is made. */
export interface Counted {
  /** The reservation it is of; undefined for one beside any. */
  readonly holder: string | undefined;
  /** Calls of ours that had ended before. */
  readonly madeBefore: number;
}

/**
 * What one process may use of an org's API calls. It reserves some at a time in the row that all processes share, so that most calls need no statement;
 * what it reserved counts as used until it is given back, and after a crash until Salesforce tells the usage again.
 */
export class OrgBudget {
  #kept: (KeptUsage & { readonly readAtMs: number }) | undefined;
  #holder = randomUUID();
  /** Calls of the reservation that are neither made nor begun. */
  #unused = 0;
  #inFlight = 0;
  #ended = 0;
  #beside = 0;
  #told: ToldUsage | undefined;
  /** Whether Salesforce told of more calls than were known when the reserved ones were granted: those of others. */
  #isDoubted = false;
  #waiting = 0;
  #asking: Promise<boolean> | undefined;
  #askedAtMs = -Infinity;
  #usedAtMs = -Infinity;

  constructor(
    readonly org: string,
    /** Of the org's limit, for everybody's calls. */
    private readonly totalShare: number,
    private readonly sql: Sql,
  ) {}

  /** Usage of the org as this process knows it, without what is only reserved here; undefined until Salesforce told. */
  get usage(): ApiUsage | undefined {
    const { told } = this.#view;
    return told === null ? undefined : { used: countedCalls(this.#view) - this.#unused, limit: told.limit };
  }

  /** Calls that are used for certain; undefined until Salesforce told. */
  get certainlyUsed(): ApiUsage | undefined {
    const { told, made } = this.#view;
    return told === null ? undefined : { used: told.used + Math.max(0, made - told.made), limit: told.limit };
  }

  get ceiling(): number | undefined {
    const { told } = this.#view;
    return told === null ? undefined : ceilingOf(told.limit, this.totalShare);
  }

  /** Leave for one call; undefined when there is no room under the ceiling. @throws what the database throws */
  async take(): Promise<Counted | undefined> {
    this.#waiting += 1;
    try {
      for (;;) {
        if (this.#hasRoom()) {
          this.#unused -= 1;
          this.#inFlight += 1;
          this.#usedAtMs = performance.now();
          return this.#counted(this.#holder);
        }
        const joined = this.#asking !== undefined;
        const granted = await this.#exchange(0);
        if (!granted && !joined) return undefined;
      }
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Leave for a call that is made in any case. */
  beside(): Counted {
    this.#usedAtMs = performance.now();
    return this.#counted(undefined);
  }

  /** A call for which leave was given was not made. */
  giveBack({ holder }: Counted): void {
    if (holder !== this.#holder) return;
    this.#inFlight -= 1;
    this.#unused += 1;
  }

  /** A call has ended. @param usage as its answer told it */
  ended({ holder, madeBefore }: Counted, usage: ApiUsage | undefined): void {
    this.#usedAtMs = performance.now();
    if (holder === undefined) this.#beside += 1;
    else if (holder === this.#holder) {
      this.#inFlight -= 1;
      this.#ended += 1;
    }
    if (usage !== undefined) this.told(usage, madeBefore + 1);
  }

  /** Salesforce told the usage. @param made calls of ours that are surely in it, as `made` counted them before it was asked */
  told({ used, limit }: ApiUsage, made: number): void {
    const { told } = this.#view;
    if (told === null || limit < told.limit || used > countedCalls(this.#view)) this.#isDoubted = true;
    this.#told = newerTold(this.#told, { used, limit, made });
  }

  /** Calls of ours that have ended. @throws what the database throws */
  async made(): Promise<number> {
    if (this.#kept === undefined) await this.#exchange(0);
    return this.#view.made;
  }

  /** Gives back what is not used, tells what others do not know yet, and renews what is. */
  async look(now: number): Promise<void> {
    const isIdle = now - this.#usedAtMs > idleMs && this.#waiting === 0;
    this.#loseEnded();
    const holds = this.#unused + this.#inFlight > 0;
    if (isIdle && (this.#unused > 0 || this.#hasNews)) await this.#exchange(this.#unused);
    else if (holds && now - this.#askedAtMs > renewEveryMs) await this.#exchange(0);
  }

  /** Calls on their way count as made. */
  async end(): Promise<void> {
    await this.#asking?.catch(() => undefined);
    this.#ended += this.#inFlight;
    this.#inFlight = 0;
    if (this.#unused > 0 || this.#hasNews) await this.#exchange(this.#unused);
  }

  get #hasNews(): boolean {
    return this.#ended + this.#beside > 0 || this.#told !== undefined;
  }

  /** What is kept, with what happened here since. */
  get #view(): OrgUsage {
    const { told, made, reserved } = this.#kept?.usage ?? unknownUsage;
    const own = reserved[this.#holder];
    return {
      told: this.#told === undefined ? told : newerTold(told, this.#told), made: made + this.#ended + this.#beside,
      reserved: own === undefined ? reserved : { ...reserved, [this.#holder]: { ...own, calls: own.calls - this.#ended } },
    };
  }

  /** Whether a reserved call may be made by what is known now: Salesforce may have told of calls of others since it was reserved. */
  #hasRoom(): boolean {
    this.#loseEnded();
    return this.#unused > 0 && !this.#isDoubted && (this.usage?.used ?? 0) < (this.ceiling ?? Infinity);
  }

  #counted(holder: string | undefined): Counted {
    return { holder, madeBefore: this.#view.made };
  }

  /** A reservation that could not be renewed in time counts as made from now on, or soon. */
  #loseEnded(): void {
    if (performance.now() - this.#askedAtMs <= reservationMs - marginMs || this.#unused + this.#inFlight + this.#ended === 0) return;
    this.#lose();
  }

  #lose(): void {
    [this.#unused, this.#inFlight, this.#ended] = [0, 0, 0];
    this.#holder = randomUUID();
  }

  /** One at a time. @returns whether every call that waited got its leave */
  async #exchange(back: number): Promise<boolean> {
    return (this.#asking ??= this.#ask(back).finally(() => (this.#asking = undefined)));
  }

  async #ask(back: number): Promise<boolean> {
    this.#loseEnded();
    const [holder, ended, beside, told, wanted, askedAtMs] = [this.#holder, this.#ended, this.#beside, this.#told, this.#waiting, performance.now()];
    // What was granted by an older word of Salesforce is granted anew by the newer one.
    const all = this.#isDoubted ? this.#unused : Math.min(back, this.#unused);
    this.#isDoubted = false;
    this.#unused -= all;
    try {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const { usage: known, version, nowMs, readAtMs } = (this.#kept ??= await this.#read());
        const { usage, granted } = exchange(known, holder, { ended, beside, told, back: all, wanted }, { nowMs: nowMs + performance.now() - readAtMs, leaseMs: reservationMs, ceilingOf: (limit) => ceilingOf(limit, this.totalShare) });
        const kept = await keepOrgUsage(this.sql, this.org, version, usage);
        if (kept === undefined) {
          this.#kept = await this.#read();
          continue;
        }
        this.#kept = { ...kept, readAtMs: performance.now() };
        this.#beside -= beside;
        if (this.#told === told) this.#told = undefined;
        if (holder !== this.#holder) return false;
        this.#ended -= ended;
        this.#unused += granted;
        this.#askedAtMs = askedAtMs;
        return granted >= wanted;
      }
    } catch (error) {
      // Nobody knows whether it was kept: whatever is reserved counts as made when its time is over.
      if (holder === this.#holder) this.#lose();
      throw error;
    }
    throw new Unavailable('API_BUDGET_BUSY', 'The API calls of the org could not be shared out: too many processes asked at once.');
  }

  async #read(): Promise<KeptUsage & { readonly readAtMs: number }> {
    return { ...(await readOrgUsage(this.sql, this.org)), readAtMs: performance.now() };
  }
}
