import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Rounds } from '@tributary/service-kit';
import { SqlPool } from '../sql-pool.ts';
import { forgetCalls, writeCalls } from './calls.store.ts';
import type { MadeCall } from './made-call.ts';

const flushAfterMs = 1_000;
const forgetEveryMs = 10 * 60_000;
/** Calls that wait while the database is away; beyond them the oldest are lost, and the log says how many. */
const mostWaiting = 50_000;

/** Keeps every call made at Salesforce, written in batches: a call never waits for its record. */
@Injectable()
export class CallLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('calls');
  readonly #rounds = new Rounds({ name: 'calls', everyMs: forgetEveryMs, atOnce: true }, () => forgetCalls(this.pool));
  #waiting = new Map<string, MadeCall>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly pool: SqlPool) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  /** Keeps a call; one that is kept already is told of anew. */
  note(call: MadeCall): void {
    this.#waiting.set(call.id, call);
    this.#soon();
  }

  /** Writes what is noted so far. */
  async flush(): Promise<void> {
    this.#cancel();
    this.#writing = this.#writing.then(() => this.#writeWaiting());
    await this.#writing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
    await this.flush();
    this.#cancel();
  }

  async #writeWaiting(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const calls = this.#waiting;
    this.#waiting = new Map();
    try {
      await writeCalls(this.pool, [...calls.values()]);
    } catch (error) {
      this.#log.warn(`${calls.size} calls could not be recorded yet: ${String(error)}`);
      this.#putBack(calls);
    }
  }

  /** What was told of a call meanwhile is newer. */
  #putBack(calls: ReadonlyMap<string, MadeCall>): void {
    const all = [...new Map([...calls, ...this.#waiting])];
    if (all.length > mostWaiting) this.#log.error(`${all.length - mostWaiting} calls are not recorded: the database has been away for too long`);
    this.#waiting = new Map(all.slice(-mostWaiting));
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
