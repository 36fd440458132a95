import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { OpenLimit } from './open-limit.ts';
import { OpenRate } from './open-rate.ts';

const everyMs = 10_000;
const longestWaitMs = 5_000;

/** Counts how often each master key wrapped a data key, watches how often secrets are opened, and slows down who opens too many. */
@Injectable()
export class VaultMeter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('vault');
  readonly #rate = new OpenRate();
  readonly #limit = new OpenLimit();
  readonly #wraps = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly pool: SqlPool) {}

  wrapped(kekId: string): void {
    this.#wraps.set(kekId, (this.#wraps.get(kekId) ?? 0) + 1);
  }

  opened(): void {
    const alarm = this.#rate.count(performance.timeOrigin + performance.now());
    if (alarm !== undefined) this.#log.error(`ALARM: ${alarm.count} secrets were opened within a minute; usual are ${alarm.usual}`);
  }

  /** Waits for a place among the opens of this process. Not asked for sealing: what Salesforce has answered is always kept. @throws Unavailable `VAULT_BUSY` */
  async opening(): Promise<void> {
    const waitMs = this.#limit.next(performance.now(), longestWaitMs);
    if (waitMs === undefined) throw new Unavailable('VAULT_BUSY', 'Too many secrets are being opened at the moment.', { retryAfterMs: longestWaitMs });
    if (waitMs > 0) await sleep(waitMs);
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#writing = this.#writing.then(() => this.write()).catch((error: unknown) => this.#log.debug(`counts are written later: ${String(error)}`));
    }, everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.write().catch(() => undefined);
  }

  /** Adds what was counted since; not in the transactions that wrap, which would wait for each other. */
  async write(): Promise<void> {
    for (const [kekId, wraps] of [...this.#wraps]) {
      await this.pool.query('insert into vault_key_use as u (kek_id, wraps) values ($1, $2) on conflict (kek_id) do update set wraps = u.wraps + excluded.wraps, last_at = now()', [kekId, wraps]);
      const left = (this.#wraps.get(kekId) ?? wraps) - wraps;
      if (left === 0) this.#wraps.delete(kekId);
      else this.#wraps.set(kekId, left);
    }
  }

  /** Wraps by master key since it was first used. */
  async wraps(): Promise<Readonly<Record<string, number>>> {
    await this.write();
    const { rows } = await this.pool.query<{ kekId: string; wraps: string }>('select kek_id as "kekId", wraps from vault_key_use order by first_at');
    return Object.fromEntries(rows.map(({ kekId, wraps }) => [kekId, Number(wraps)]));
  }
}
