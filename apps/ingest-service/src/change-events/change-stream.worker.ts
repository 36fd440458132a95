import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SqlPool } from '@tributary/persistence';
import { endWithin, Rounds } from '@tributary/service-kit';
import { CONFIG, type IngestConfig } from '../config.ts';
import { claimStreams, releaseStream, renewStreams, type FollowedConnection, type Follower } from './change-streams.store.ts';
import { FollowChanges, type Attempts } from './follow-changes.ts';
import { PUBSUB, type PubSub } from './pubsub.provider.ts';
import { WakeRuns } from './wake-runs.ts';

const lookEveryMs = 1_000;
const endPatienceMs = 10_000;
const streamsAtOnce = 500;
/** Longer waits give the connection back: they are kept in the database. */
const longestNapMs = 20_000;

/** Follows the changes of the connections that want it; each is followed by one process. */
@Injectable()
export class ChangeStreamWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('change-events');
  readonly #following = new Map<string, { readonly end: AbortController; readonly work: Promise<void> }>();
  readonly #follower: Follower;
  readonly #rounds = new Rounds({ name: 'change-events', everyMs: lookEveryMs }, () => this.#once());

  constructor(
    private readonly pool: SqlPool,
    private readonly followChanges: FollowChanges,
    private readonly wakeRuns: WakeRuns,
    @Inject(PUBSUB) private readonly pubsub: PubSub,
    @Inject(CONFIG) config: IngestConfig,
  ) {
    const boot = randomUUID();
    this.#follower = { name: config.processName ?? boot, boot };
  }

  onApplicationBootstrap(): void {
    if (this.pubsub.isOn) this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
    for (const { end } of this.#following.values()) end.abort();
    await endWithin('streams of change events', endPatienceMs, Promise.all([...this.#following.values()].map(({ work }) => work)));
    await this.pubsub.close();
  }

  async #once(): Promise<void> {
    const mine = await renewStreams(this.pool, this.#follower, [...this.#following.keys()]);
    for (const [id, { end }] of this.#following) if (!mine.has(id)) end.abort();
    for (const connection of await claimStreams(this.pool, this.#follower, streamsAtOnce - this.#following.size)) this.#start(connection);
    // Changes that had to wait for their turn.
    await this.wakeRuns.execute();
  }

  #start(connection: FollowedConnection): void {
    if (this.#following.has(connection.id)) return;
    const end = new AbortController();
    const work = this.#follow(connection, end.signal)
      .catch((error: unknown) => this.#log.warn(`the change events of ${connection.id} stopped: ${error instanceof Error ? error.message : String(error)}`))
      .finally(async () => {
        // In this order: what is given back may be taken again at once.
        this.#following.delete(connection.id);
        await releaseStream(this.pool, connection.id, this.#follower).catch(() => undefined);
      });
    this.#following.set(connection.id, { end, work });
  }

  async #follow(connection: FollowedConnection, signal: AbortSignal): Promise<void> {
    const attempts: Attempts = { rejectedEpoch: undefined };
    while (!signal.aborted) {
      const step = await this.followChanges.execute(connection, this.#follower, attempts, signal);
      if (step === undefined || step.waitMs > longestNapMs) return;
      await sleep(step.waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
