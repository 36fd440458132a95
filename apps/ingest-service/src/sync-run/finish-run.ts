import { Inject, Injectable, Logger } from '@nestjs/common';
import { accessRefused, runFinished } from '@tributary/event-contracts';
import { toFailure } from '@tributary/failures';
import { LivePublisher } from '@tributary/messaging';
import { Outbox, SqlPool } from '@tributary/persistence';
import { settleChanged } from '../change-events/changed-objects.store.ts';
import { CONFIG, type IngestConfig } from '../config.ts';
import { lockConnection } from '../connection/connections.store.ts';
import { causeOf } from './run-cause.ts';
import { runEverySeconds } from '../schedule/object-schedule.ts';
import { keepTurns, SyncSettingsStore } from '../schedule/sync-settings.store.ts';
import type { Sql } from '../sql.ts';
import { refusedAccess } from './access-refusal.ts';
import { keepTaken } from './estimate-taken.ts';
import type { ObjectTracker } from './object-tracker.ts';
import { requireLease, type ClaimedRun } from './run-lease.ts';
import { reasonOf } from './run-reason.ts';
import { holdMs, isPause, needsConsent, outcomeOf } from './run-verdict.ts';
import { openRun, type RunReason } from './sync-runs.store.ts';

const soonMs = 60_000;

@Injectable()
export class FinishRun {
  readonly #log = new Logger('sync-run');

  constructor(
    private readonly pool: SqlPool,
    private readonly outbox: Outbox,
    private readonly live: LivePublisher,
    private readonly settings: SyncSettingsStore,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * Ends a run with its outcome and sets the time of the next one; a run that events opened before the poll was due leaves that time alone.
   * @param stoppedBy what ended it before every object was tried
   * @param tokenEpoch of the connection when the run began: a token that came since lets work go on at once
   */
  async execute(run: ClaimedRun, trackers: readonly ObjectTracker[], tokenEpoch: number, stoppedBy?: unknown): Promise<void> {
    if (isPause(stoppedBy) && !run.planned && trackers.length === 0) return this.#forget(run);
    if (stoppedBy !== undefined) this.#log.warn(`run ${run.id} stopped`, toFailure(stoppedBy));
    const reasons = reasonsOf(trackers, stoppedBy);
    const outcome = outcomeOf(reasons, stoppedBy);
    const rows = trackers.reduce((sum, { rowsDone }) => sum + rowsDone, 0);
    const apiCalls = trackers.reduce((sum, tracker) => sum + tracker.state().apiCalls, 0);
    const hold = holdOf(stoppedBy);
    const refused = refusedAccess(stoppedBy);
    // A run renews a token itself, and is told of the new one like of any other: what was refused to it must not be asked again at once.
    const lastEpoch = Math.max(tokenEpoch, refused?.epoch ?? 0);
    await this.pool.transaction(async (client) => {
      await lockConnection(client, run.connectionId);
      await requireLease(client, run);
      const nextMs = await this.#nextMs(client, run, stoppedBy);
      await client.query('update sync_run set status = $2, finished_at = now(), rows = $3, api_calls = $4, reasons = $5::jsonb, lease_until = null where id = $1',
        [run.id, outcome, rows, apiCalls, JSON.stringify(reasons)]);
      await client.query(
        `update connection set last_sync_at = case when $2 then now() else last_sync_at end,
                next_sync_at = case when paused then null when $3 and token_epoch > $4 then now() when $3 then null
                  when $9 and (select only_due and connection.next_sync_at > started_at from sync_run where id = $6) then next_sync_at else now() + $5 * interval '1 ms' end,
                token_state = case when $3 and token_epoch <= $4 then 'consent-required' else token_state end,
                hold = case when $7::text is null then null else jsonb_build_object('code', $7::text, 'text', $8::text, 'until', to_char((now() + $5 * interval '1 ms') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end,
                api_version = case when $2 then api_version end where id = $1`,
        [run.connectionId, outcome !== 'failed', needsConsent(stoppedBy), lastEpoch, nextMs, run.id, hold?.code ?? null, hold?.text ?? null, stoppedBy === undefined]);
      await keepTaken(client, run, trackers);
      const complete = trackers.filter((tracker) => tracker.isDone && tracker.problem === undefined).map(({ object }) => object);
      await keepTurns(client, run.connectionId, run.id, complete);
      await this.#follow(client, run);
      await settleChanged(client, run, trackers.filter(({ wasRead }) => wasRead).map(({ object }) => object));
      await this.outbox.addWith(client, runFinished.create({ connectionId: run.connectionId, runId: run.id, outcome, reasons, rows }, { causedBy: causeOf(run) }));
      if (refused !== undefined && lastEpoch > 0) {
        await this.outbox.addWith(client, accessRefused.create({
          connectionId: run.connectionId, epoch: lastEpoch, cause: refused.cause, retryAfterSeconds: needsConsent(stoppedBy) ? null : Math.ceil(nextMs / 1_000),
        }, { causedBy: causeOf(run) }));
      }
    });
    this.live.publish({ type: 'sync.finished', connectionId: run.connectionId, runId: run.id, outcome });
  }

  /** A run that the pause met before it read anything did not happen. */
  async #forget(run: ClaimedRun): Promise<void> {
    await this.pool.transaction(async (client) => {
      await lockConnection(client, run.connectionId);
      await requireLease(client, run);
      await client.query('update connection set next_sync_at = case when paused then null else now() + $2 * interval \'1 ms\' end where id = $1', [run.connectionId, soonMs]);
      await client.query('delete from sync_run where id = $1', [run.id]);
    });
  }

  /** What was decided while the run was open is read by one of everything: an object that it had just read is not due for long. */
  async #follow(client: Sql, run: ClaimedRun): Promise<void> {
    const { rows } = await client.query(`select 1 from sync_run r join connection c on c.id = r.connection_id where r.id = $1 and r.followed and c.token_state = 'ready'`, [run.id]);
    if (rows.length > 0) await openRun(client, run.connectionId);
  }

  /** As often as the most frequent object wants, later when Salesforce or the budget says so. */
  async #nextMs(client: Sql, { connectionId }: ClaimedRun, stoppedBy: unknown): Promise<number> {
    const settings = await this.settings.read(connectionId, client);
    const usual = runEverySeconds(settings, this.config.syncIntervalSeconds) * 1_000;
    return stoppedBy === undefined ? usual : Math.max(usual, holdMs(stoppedBy) ?? soonMs);
  }
}

/** Why nothing is read for now; undefined when work goes on by its schedule. */
function holdOf(stoppedBy: unknown): RunReason | undefined {
  return stoppedBy === undefined || holdMs(stoppedBy) === undefined ? undefined : reasonOf(null, stoppedBy);
}

function reasonsOf(trackers: readonly ObjectTracker[], stoppedBy: unknown): RunReason[] {
  const ofObjects = trackers.flatMap(({ object, problem }) => (problem === undefined ? [] : [{ object, ...problem }]));
  return stoppedBy === undefined ? ofObjects : [reasonOf(null, stoppedBy), ...ofObjects];
}
