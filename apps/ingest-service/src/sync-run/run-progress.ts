import { Injectable } from '@nestjs/common';
import type { LiveMessage, RunEstimate } from '@tributary/api-contracts';
import { LivePublisher } from '@tributary/messaging';
import { SqlPool } from '@tributary/persistence';
import type { ObjectTracker } from './object-tracker.ts';
import { firstBoardSeconds, progressOf } from './progress.ts';
import type { ClaimedRun } from './run-lease.ts';
import { loadTrackers, saveTrackers } from './run-objects.store.ts';
import { readEstimate } from './sync-runs.store.ts';

/** Where progress comes from and goes. */
export interface ProgressSinks {
  /** The run's objects as an earlier worker left them. */
  load(changed: () => void): Promise<readonly ObjectTracker[]>;
  /** What the run was estimated to take. */
  estimate(): Promise<RunEstimate | null>;
  /** Live, to whoever watches; losing it costs nothing. */
  publish(message: LiveMessage): void;
  /** To the table, for questions and for the next worker. */
  save(trackers: readonly ObjectTracker[]): Promise<void>;
}

const everyMs = 500;

/** Tells the progress of one run, at most twice a second. */
export class RunProgress {
  trackers: readonly ObjectTracker[] = [];
  #estimate: RunEstimate | null = null;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly connectionId: string,
    private readonly runId: string,
    private readonly sinks: ProgressSinks,
  ) {}

  async start(): Promise<void> {
    this.#estimate = await this.sinks.estimate();
    this.trackers = await this.sinks.load(this.changed);
    this.#timer = setInterval(() => this.#tell(), everyMs);
    this.#dirty = true;
    this.#tell();
  }

  readonly changed = (): void => {
    this.#dirty = true;
  };

  /** Stores the last state and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#dirty = true;
    this.#tell();
    await this.#saving;
  }

  #tell(): void {
    if (!this.#dirty || this.trackers.length === 0) return;
    this.#dirty = false;
    const objects = this.trackers.map((tracker) => progressOf(tracker.state()));
    this.sinks.publish({ type: 'sync.progress', connectionId: this.connectionId, runId: this.runId, objects, firstBoardSeconds: firstBoardSeconds(objects), estimate: this.#estimate });
    // Progress that cannot be stored is told again with the next change.
    this.#saving = this.#saving.then(() => this.sinks.save(this.trackers)).catch(() => void (this.#dirty = true));
  }
}

/** Makes the progress of runs. */
@Injectable()
export class RunProgresses {
  constructor(
    private readonly pool: SqlPool,
    private readonly live: LivePublisher,
  ) {}

  of(run: ClaimedRun): RunProgress {
    const { id, connectionId } = run;
    return new RunProgress(connectionId, id, {
      load: (changed) => loadTrackers(this.pool, id, changed),
      estimate: () => readEstimate(this.pool, id),
      publish: (message) => this.live.publish(message),
      save: (trackers) => saveTrackers(this.pool, run, trackers),
    });
  }
}
