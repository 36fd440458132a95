import { jetstreamManager, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { durableConsumers, type BusService } from '@tributary/event-contracts';
import type { SqlPool } from '@tributary/persistence';
import { pause } from './pause.ts';
import { ensureConsumer, ensureStream } from './stream-state.ts';

const everyMs = 30_000;
const retryMs = 1_000;
const outboxRetention = '8 days';
const inboxRetention = '30 days';

/**
 * Keeps the broker equal to the database: makes the stream and this service's consumers when they are missing, and
 * publishes again whatever the stream no longer holds. Runs on start, after each reconnect and every 30 seconds.
 */
export class Reconciler {
  readonly #log = new Logger('reconciler');
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #epoch: string | undefined;
  #lastFailure: string | undefined;

  constructor(
    private readonly service: BusService,
    private readonly connection: NatsConnection,
    private readonly pool: SqlPool,
  ) {}

  /** `created` of the stream as last seen; undefined while the stream is not known to exist. */
  streamEpoch(): string | undefined {
    return this.#epoch;
  }

  start(): void {
    this.#loop = this.#run();
    void this.#watchReconnects();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#loop;
  }

  /** Asks for a run now; used when something on the broker turns out to be missing. */
  wake(): void {
    this.#wake.abort();
  }

  /** One run. @throws what the broker or the database answers */
  async reconcile(): Promise<void> {
    const manager = await jetstreamManager(this.connection, { checkAPI: false });
    const stream = await ensureStream(manager);
    await this.#publishAgain(stream);
    this.#epoch = stream.created;
    await this.#ensureConsumers(manager);
  }

  async #run(): Promise<void> {
    let sweptAt = 0;
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      const done = await this.#tryReconcile();
      if (done && Date.now() - sweptAt > 3_600_000) {
        sweptAt = Date.now();
        await this.#sweep();
      }
      await pause(done ? everyMs : retryMs, this.#wake.signal);
    }
  }

  async #tryReconcile(): Promise<boolean> {
    try {
      await this.reconcile();
      this.#lastFailure = undefined;
      return true;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== this.#lastFailure) this.#log.warn(`the event stream is not ready: ${failure}`);
      this.#lastFailure = failure;
      return false;
    }
  }

  /** Rows of another life of the stream, or above its end, are not in it. */
  async #publishAgain(stream: StreamInfo): Promise<void> {
    const { rowCount } = await this.pool.query(
      `update outbox set published_at = null, stream_seq = null, stream_epoch = null
        where published_at is not null and (stream_epoch is distinct from $1::timestamptz or stream_seq > $2)`,
      [stream.created, stream.state.last_seq]);
    if (rowCount !== null && rowCount > 0) this.#log.warn(`${rowCount} events are published again: the stream does not hold them`);
  }

  async #ensureConsumers(manager: JetStreamManager): Promise<void> {
    for (const consumer of durableConsumers.filter(({ service }) => service === this.service)) await ensureConsumer(manager, consumer);
  }

  async #watchReconnects(): Promise<void> {
    for await (const { type } of this.connection.status()) if (type === 'reconnect') this.wake();
  }

  /** Outbox rows outlive the stream's messages, and inbox rows outlive any replay of those. */
  async #sweep(): Promise<void> {
    try {
      await this.pool.query(`delete from outbox where published_at < now() - interval '${outboxRetention}'`);
      await this.pool.query(`delete from inbox where processed_at < now() - interval '${inboxRetention}'`);
    } catch (error) {
      this.#log.warn(`old events were not swept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
