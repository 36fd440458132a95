import { Inject, Injectable, Logger } from '@nestjs/common';
import { CallLog, SqlPool } from '@tributary/persistence';
import { PubSubFailure, type ChangeBatch, type PubSubReaction } from '@tributary/salesforce-client';
import { LeaseClient, type TokenLease } from '../lease/lease.client.ts';
import { effectOf, holesIn } from './change-effect.ts';
import { noteOpened, noteStep, readStream, saveReplayId, StreamLost, topic, type FollowedConnection, type Follower } from './change-streams.store.ts';
import { noteAllChanged, noteChanged } from './changed-objects.store.ts';
import { callObserver } from './observed-calls.ts';
import { PUBSUB, type PubSub } from './pubsub.provider.ts';
import { resumeAfter, stepAfter, type NextStep } from './stream-course.ts';
import { WakeRuns } from './wake-runs.ts';

/** What is remembered from one attempt to the next. */
export interface Attempts {
  rejectedEpoch: number | undefined;
}

@Injectable()
export class FollowChanges {
  readonly #log = new Logger('change-events');

  constructor(
    private readonly pool: SqlPool,
    private readonly leases: LeaseClient,
    private readonly wakeRuns: WakeRuns,
    private readonly calls: CallLog,
    @Inject(PUBSUB) private readonly pubsub: PubSub,
  ) {}

  /**
   * Follows a connection's changes until its stream ends. Events only say what to read: the replay id is stored with that in one transaction,
   * so that after a crash nothing that was told is forgotten.
   * @returns how to go on, or `undefined` when it is no longer this process's business
   */
  async execute(connection: FollowedConnection, follower: Follower, attempts: Attempts, signal: AbortSignal): Promise<NextStep | undefined> {
    try {
      const lease = await this.leases.lease({ connectionId: connection.id, purpose: 'background', ...(attempts.rejectedEpoch === undefined ? {} : { rejectedEpoch: attempts.rejectedEpoch }) });
      attempts.rejectedEpoch = undefined;
      await this.#follow(connection, follower, lease, attempts, signal);
      return undefined;
    } catch (error) {
      if (signal.aborted || error instanceof StreamLost) return undefined;
      return await this.#ended(connection, follower, error);
    }
  }

  async #follow(connection: FollowedConnection, follower: Follower, lease: TokenLease, attempts: Attempts, signal: AbortSignal): Promise<void> {
    const after = resumeAfter(await readStream(this.pool, connection.id), lease.instanceUrl);
    let opening: Promise<void> = Promise.resolve();
    try {
      const opened = (): void => {
        opening = this.#opened(connection, follower, after === undefined);
        opening.catch(() => undefined);
      };
      const client = await this.pubsub.client();
      for await (const batch of client.subscribe({ lease, orgId: connection.orgId, topic, after, signal, opened, onCall: callObserver(connection.id, this.calls) })) {
        await opening;
        await this.#take(connection, follower, lease.instanceUrl, batch);
      }
    } catch (error) {
      // What is written of the opening must not come after what is written of the end.
      await opening.catch(() => undefined);
      if (error instanceof PubSubFailure && error.reaction === 'renew-token') attempts.rejectedEpoch = lease.epoch;
      throw error;
    }
  }

  /** From the present on nobody tells what happened before: it is read. */
  async #opened(connection: FollowedConnection, follower: Follower, fromPresent: boolean): Promise<void> {
    await this.pool.transaction(async (client) => {
      await noteOpened(client, connection.id, follower);
      if (fromPresent) await noteAllChanged(client, connection);
    });
    if (fromPresent) await this.wakeRuns.execute();
  }

  async #take(connection: FollowedConnection, follower: Follower, instanceUrl: string, { events, unreadable, replayId }: ChangeBatch): Promise<void> {
    const noted = await this.pool.transaction(async (client) => {
      await saveReplayId(client, connection.id, follower, { replayId, instanceUrl, events: events.length + unreadable, holes: holesIn(events) + unreadable });
      // Nobody knows what an unreadable event was about.
      if (unreadable > 0) await noteAllChanged(client, connection);
      return (await noteChanged(client, connection, effectOf(events))) || unreadable > 0;
    });
    if (noted) await this.wakeRuns.execute();
  }

  async #ended({ id }: FollowedConnection, follower: Follower, error: unknown): Promise<NextStep> {
    const { failures } = await readStream(this.pool, id);
    const step = stepAfter(reactionOf(error), failures + 1, Math.random());
    this.#log.debug(`the change events of ${id} pause for ${step.waitMs} ms: ${step.reason}`);
    await noteStep(this.pool, id, follower, step);
    return step;
  }
}

/** A lease that is refused, or a database that is away, passes or is told by the runs. */
function reactionOf(error: unknown): PubSubReaction {
  return error instanceof PubSubFailure ? error.reaction : 'reconnect';
}
