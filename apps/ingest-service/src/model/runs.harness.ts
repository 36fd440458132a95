import { liveSubject, type ConnectionId } from '@tributary/event-contracts';
import { Conflict } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { homeWorkspace } from '../spec-support/auth-double.harness.ts';
import type { IngestHarness } from '../spec-support/ingest.harness.ts';
import { RunWakeUp } from '../sync-run/run-wake-up.ts';
import { StartRun } from '../sync-run/start-run.ts';

/** A fault of the product that a scenario showed. */
export class ModelBroken extends Error {}

/** What became of one object in a run. */
export interface RunObject {
  readonly [column: string]: unknown;
  readonly object: string;
  readonly status: string;
  readonly code: string | null;
  readonly reason: string | null;
}

export interface EndedRun {
  readonly id: string;
  readonly status: string;
  readonly reasons: readonly { readonly object: string | null; readonly code: string; readonly text: string }[];
  /** Whether it was to read only objects whose time had come. */
  readonly onlyDue: boolean;
  readonly planned: boolean;
  /** This machine's clock. */
  readonly startedAt: Date;
  /** In the order in which they are read. */
  readonly objects: readonly RunObject[];
}

interface RunRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly status: string;
  readonly reasons: EndedRun['reasons'];
  readonly only_due: boolean;
  readonly planned: boolean;
  readonly started_at: Date;
}

const runWithinMs = 60_000;
/** The schedule looks once a second. */
const openWithinMs = 8_000;

/** Runs of one connection, from their opening to their end. */
export class Runs {
  readonly #pool: SqlPool;

  constructor(
    private readonly ingest: IngestHarness,
    private readonly connectionId: ConnectionId,
  ) {
    this.#pool = ingest.get(SqlPool);
  }

  /** A person asks for a run. @returns undefined when the connection is paused */
  async byHand(): Promise<EndedRun | undefined> {
    try {
      const { run } = await this.ingest.get(StartRun).execute(homeWorkspace, this.connectionId);
      return await this.#end(run.id);
    } catch (error) {
      if (error instanceof Conflict && error.code === 'CONNECTION_PAUSED') return undefined;
      throw error;
    }
  }

  /** The end of the run that is open or due. @returns undefined when none is @throws ModelBroken when one is due and does not come */
  async next(): Promise<EndedRun | undefined> {
    const endsAt = performance.now() + openWithinMs;
    for (;;) {
      const { rows: [row] } = await this.#pool.query<{ id: string | null; due: boolean }>(
        `select (select id from sync_run r where r.connection_id = c.id and r.status = 'running') as id, state = 'active' and token_state = 'ready' and not paused and coalesce(next_sync_at <= now(), false) as due
           from connection c where id = $1`, [this.connectionId]);
      if (row?.id != null) return this.#end(row.id);
      if (row?.due !== true) return undefined;
      if (performance.now() > endsAt) throw new ModelBroken('a run that was due was not opened');
      await this.#told(50);
    }
  }

  /** When the schedule opens the next run; null for never. */
  async nextAt(): Promise<Date | null> {
    const { rows: [row] } = await this.#pool.query<{ at: Date | null }>('select next_sync_at as at from connection where id = $1', [this.connectionId]);
    return row?.at ?? null;
  }

  async #end(id: string): Promise<EndedRun> {
    const endsAt = performance.now() + runWithinMs;
    for (let waitMs = 30; performance.now() < endsAt; waitMs = 250) {
      const { rows: [row] } = await this.#pool.query<RunRow>('select id, status, reasons, only_due, planned, started_at from sync_run where id = $1', [id]);
      if (row !== undefined && row.status !== 'running') {
        const { rows: objects } = await this.#pool.query<RunObject>('select object, status, code, reason from sync_run_object where run_id = $1 order by position', [id]);
        return { id, status: row.status, reasons: row.reasons, onlyDue: row.only_due, planned: row.planned, startedAt: row.started_at, objects };
      }
      // The worker may have been looking when it was woken.
      this.wake();
      await this.#told(waitMs);
    }
    throw new ModelBroken('a run did not come to its end');
  }

  wake(): void {
    for (const app of this.ingest.apps) app.get(RunWakeUp).now();
  }

  /** Until a run tells its end, or for some time. */
  async #told(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    const subscription = this.ingest.bus.subscribe(liveSubject(this.connectionId), {
      callback: (_error, message) => {
        if (message.json<{ type: string }>().type === 'sync.finished') resolve();
      },
    });
    await promise;
    clearTimeout(timer);
    subscription.unsubscribe();
  }
}
