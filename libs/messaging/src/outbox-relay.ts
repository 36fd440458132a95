import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { eventStream } from '@tributary/event-contracts';
import type { SqlPool } from '@tributary/persistence';
import type { PoolClient } from 'pg';
import { pause } from './pause.ts';

interface OutboxRow {
  readonly id: string;
  readonly event_id: string;
  readonly subject: string;
  readonly payload: unknown;
}

/** Rows published between two commits. */
const windowSize = 64;
const idleMs = 150;
const publishTimeoutMs = 5_000;

/**
 * Publishes outbox rows in order and marks them with their place in the stream.
 * One relay works at a time per schema; the others wait for the lock of its transaction.
 */
export class OutboxRelay {
  readonly #log = new Logger('outbox');
  readonly #stream: JetStreamClient;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: SqlPool,
    connection: NatsConnection,
    /** `created` of the stream as last seen; tells one life of the stream from another. */
    private readonly streamEpoch: () => string | undefined,
  ) {
    this.#stream = jetstream(connection, { timeout: publishTimeoutMs });
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const published = this.streamEpoch() === undefined ? 0 : await this.publishWindow();
        failures = 0;
        if (published < windowSize) await this.#sleep(idleMs);
      } catch (error) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0) this.#log.warn(`events wait in the outbox: ${error instanceof Error ? error.message : String(error)}`);
        await this.#sleep(Math.min(5_000, idleMs * 2 ** failures));
      }
    }
  }

  /** Publishes up to one window of waiting events. @returns how many */
  async publishWindow(): Promise<number> {
    return this.pool.transaction(async (client) => {
      const held = await client.query<{ held: boolean }>('select pg_try_advisory_xact_lock(hashtextextended(current_schema() || \':outbox\', 0)) as held');
      if (held.rows[0]?.held !== true) return 0;
      const { rows } = await client.query<OutboxRow>(
        'select id, event_id, subject, payload from outbox where published_at is null order by id limit $1 for update skip locked', [windowSize]);
      if (rows.length === 0) return 0;
      const sequences = await Promise.all(rows.map((row) => this.#publish(row)));
      await this.#mark(client, rows, sequences);
      return rows.length;
    });
  }

  async #publish(row: OutboxRow): Promise<number> {
    const ack = await this.#stream.publish(row.subject, JSON.stringify(row.payload), { msgID: row.event_id, expect: { streamName: eventStream }, timeout: publishTimeoutMs });
    return ack.seq;
  }

  async #mark(client: PoolClient, rows: readonly OutboxRow[], sequences: readonly number[]): Promise<void> {
    await client.query(
      `update outbox set published_at = now(), stream_seq = mark.seq, stream_epoch = $3::timestamptz
         from unnest($1::bigint[], $2::bigint[]) as mark(id, seq) where outbox.id = mark.id`,
      [rows.map(({ id }) => id), sequences, this.streamEpoch()]);
  }

  async #sleep(ms: number): Promise<void> {
    await pause(ms, this.#stop.signal);
  }
}
