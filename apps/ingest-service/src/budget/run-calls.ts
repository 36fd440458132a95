import type { Sql } from '../sql.ts';
import { countRunCalls, discountRunCalls } from './org-usage.store.ts';

const mostAtOnce = 100;
const usualAtOnce = 20;
/** Of what the run may make: what a killed process had counted and not made is lost to the run. */
const shareAtOnce = 50;

/** Calls of one run, counted at the run itself, so that it keeps its count when it changes hands. Some are counted before they are made, so that most calls need no statement. */
export class RunCalls {
  #total = 0;
  /** Counted at the run and not made. */
  #ahead = 0;
  #counting: Promise<void> | undefined;

  /** @param runId none for what a person asks for, which counts by itself */
  constructor(
    private readonly sql: Sql,
    private readonly runId: string | undefined,
  ) {}

  /** Counts a call that is about to be made. @param ceiling calls the run may make; undefined while it is not known, or for a call that is made in any case. @returns whether it may be made */
  async take(ceiling: number | undefined): Promise<boolean> {
    for (;;) {
      if (this.#total - this.#ahead >= (ceiling ?? Infinity)) return false;
      if (this.runId === undefined) {
        this.#total += 1;
        return true;
      }
      if (this.#ahead > 0) {
        this.#ahead -= 1;
        return true;
      }
      await (this.#counting ??= this.#count(this.runId, ceiling).finally(() => (this.#counting = undefined)));
    }
  }

  /** A call that was counted is not made. */
  giveBack(): void {
    if (this.runId === undefined) this.#total -= 1;
    else this.#ahead += 1;
  }

  /** Gives back what was counted and not made. */
  async end(): Promise<void> {
    const ahead = this.#ahead;
    if (this.runId === undefined || ahead === 0) return;
    this.#ahead = 0;
    this.#total -= ahead;
    await discountRunCalls(this.sql, this.runId, ahead);
  }

  async #count(runId: string, ceiling: number | undefined): Promise<void> {
    const calls = ceiling === undefined ? usualAtOnce : Math.max(1, Math.min(mostAtOnce, Math.floor(ceiling / shareAtOnce)));
    this.#total = await countRunCalls(this.sql, runId, calls);
    this.#ahead += calls;
  }
}
