import type { Failure } from '@tributary/failures';
import type { SqlPool } from '@tributary/persistence';

/** An event that a consumer gave up, as it arrived. */
export interface DeadLetter {
  readonly consumer: string;
  readonly streamSequence: number;
  readonly eventId: string | undefined;
  readonly subject: string;
  readonly payload: string;
  readonly attempts: number;
}

/** Keeps events that cannot be handled, with the reason, so that nothing is lost and the others flow on. */
export class DeadLetters {
  constructor(private readonly pool: SqlPool) {}

  async keep(letter: DeadLetter, failure: Failure): Promise<void> {
    await this.pool.query(
      `insert into dead_letter (consumer, stream_seq, event_id, subject, payload, code, error, attempts) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [letter.consumer, letter.streamSequence, letter.eventId ?? null, letter.subject, letter.payload.replaceAll('\0', '\uFFFD'), failure.code, failure.message, letter.attempts]);
  }
}
