import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type IngestConfig } from '../config.ts';
import { hasPlace, nextRun, type RunAtWork } from '../schedule/fair-share.ts';
import { claimRun, leaseMs, LeaseLost, releaseLease, renewEveryMs, renewLease, type ClaimedRun, type WorkerIdentity } from './run-lease.ts';
import { RunSync } from './run-sync.ts';
import { RunWakeUp } from './run-wake-up.ts';

const lookEveryMs = 1_000;

/** Executes open runs; a run that another process left is taken over when its lease ends, by the same process at once. */
@Injectable()
export class RunWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('run-worker');
  readonly #stop = new AbortController();
  readonly #running = new Map<Promise<void>, { readonly run: ClaimedRun; readonly since: number }>();
  readonly #identity: WorkerIdentity;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: SqlPool,
    private readonly runSync: RunSync,
    private readonly wakeUp: RunWakeUp,
    @Inject(CONFIG) config: IngestConfig,
  ) {
    const boot = randomUUID();
    this.#identity = { name: config.processName ?? boot, boot };
  }

  onApplicationBootstrap(): void {
    this.#loop = this.#look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    await Promise.all(this.#running.keys());
  }

  async #look(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const claimed = await this.#claim().catch(() => undefined);
      if (claimed === undefined) await this.wakeUp.next(lookEveryMs, this.#stop.signal);
      else this.#start(claimed);
    }
  }

  /** Without a place nothing is asked: the end of a run wakes the loop. */
  async #claim(): Promise<ClaimedRun | undefined> {
    if (!hasPlace(this.#atWork())) return undefined;
    return claimRun(this.pool, this.#identity, (waiting, elsewhere) => nextRun(waiting, this.#atWork(), elsewhere));
  }

  #atWork(): RunAtWork[] {
    return [...this.#running.values()].map(({ run: { workspace, org, kind }, since }) => ({ workspace, org, kind, workedMs: performance.now() - since }));
  }

  #start(run: ClaimedRun): void {
    const work = this.#execute(run).finally(() => {
      this.#running.delete(work);
      this.wakeUp.now();
    });
    this.#running.set(work, { run, since: performance.now() });
  }

  async #execute(run: ClaimedRun): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([lost.signal, this.#stop.signal]);
    const renewing = this.#renew(run, lost);
    try {
      await this.runSync.execute(run, signal);
    } catch (error) {
      this.#log.warn(`run ${run.id} is left to the next worker: ${error instanceof Error ? error.message : String(error)}`);
      // Not at once: what ended the work, such as a database that starts again, may take a moment.
      if (!(error instanceof LeaseLost)) await sleep(lookEveryMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    } finally {
      clearInterval(renewing);
      await releaseLease(this.pool, run).catch(() => undefined);
    }
  }

  /** By this process's monotonic clock a lease that could not be renewed is given up before the database gives it to others. */
  #renew(run: ClaimedRun, lost: AbortController): NodeJS.Timeout {
    let renewedAt = performance.now();
    return setInterval(() => {
      const askedAt = performance.now();
      renewLease(this.pool, run).then(
        (mine) => (mine ? (renewedAt = askedAt) : lost.abort(new LeaseLost())),
        () => performance.now() - renewedAt > leaseMs && lost.abort(new LeaseLost()),
      );
    }, renewEveryMs);
  }
}
