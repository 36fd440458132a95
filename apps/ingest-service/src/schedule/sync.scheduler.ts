import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRun } from '../sync-run/sync-runs.store.ts';

const lookEveryMs = 1_000;

/** Opens the runs that are due, by the database's clock. */
@Injectable()
export class SyncScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('schedule');
  #timer: NodeJS.Timeout | undefined;
  #opening: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: SqlPool,
    private readonly wakeUp: RunWakeUp,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#opening = this.#opening.then(() => this.#openDue()).catch((error: unknown) => this.#log.debug(`the schedule pauses: ${String(error)}`));
    }, lookEveryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#opening;
  }

  async #openDue(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>(
      `select id from connection c where next_sync_at <= now() and state = 'active' and token_state = 'ready' and not paused
          and not exists (select from sync_run r where r.connection_id = c.id and r.status = 'running') order by next_sync_at limit 50`);
    for (const { id } of rows) await openRun(this.pool, id);
    if (rows.length > 0) this.wakeUp.now();
  }
}
