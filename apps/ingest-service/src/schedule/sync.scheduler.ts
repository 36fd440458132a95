import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { Rounds } from '@tributary/service-kit';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { openRun } from '../sync-run/sync-runs.store.ts';

const lookEveryMs = 1_000;

/** Opens the runs that are due, by the database's clock. */
@Injectable()
export class SyncScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds({ name: 'schedule', everyMs: lookEveryMs }, () => this.#openDue());

  constructor(
    private readonly pool: SqlPool,
    private readonly wakeUp: RunWakeUp,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  async #openDue(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>(
      `select id from connection c where next_sync_at <= now() and state = 'active' and token_state = 'ready' and not paused
          and not exists (select from sync_run r where r.connection_id = c.id and r.status = 'running') order by next_sync_at limit 50`);
    for (const { id } of rows) await openRun(this.pool, id, undefined, true);
    if (rows.length > 0) this.wakeUp.now();
  }
}
