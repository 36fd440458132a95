import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ConnectionId } from '@tributary/event-contracts';
import { SqlPool } from '@tributary/persistence';
import type { CallPurpose } from './call-kind.ts';

/** How long calls are kept, and how many of a connection. */
export const keptDays = 14;
export const keptCalls = 2_000;
const flushAfterMs = 1_000;
const trimEveryMs = 60_000;

/** A call made at Salesforce; `rows` may still come while its body is read. */
export interface MadeCall {
  readonly connectionId: ConnectionId;
  readonly runId: string | undefined;
  readonly object: string | undefined;
  readonly method: string;
  readonly path: string;
  purpose: CallPurpose;
  rows: number | undefined;
  readonly status: number;
  readonly ms: number;
  readonly apiUsed: number | undefined;
  readonly at: Date;
}

/** Keeps every call made at Salesforce, written in batches: a call never waits for its record. */
@Injectable()
export class CallLog implements BeforeApplicationShutdown {
  readonly #log = new Logger('calls');
  readonly #trimmedAt = new Map<ConnectionId, number>();
  #waiting: MadeCall[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly pool: SqlPool) {}

  note(call: MadeCall): void {
    this.#waiting.push(call);
    this.#timer ??= setTimeout(() => void this.flush(), flushAfterMs);
  }

  /** Writes what is noted so far. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const calls = this.#waiting;
    this.#waiting = [];
    this.#writing = this.#writing.then(() => this.#write(calls)).catch((error: unknown) => this.#log.warn(`${calls.length} calls could not be recorded: ${String(error)}`));
    await this.#writing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  async #write(calls: readonly MadeCall[]): Promise<void> {
    if (calls.length === 0) return;
    await this.pool.query(
      `insert into salesforce_call (connection_id, run_id, object, method, path, purpose, rows, status, ms, api_used, at)
       select m.* from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::int[], $9::int[], $10::int[], $11::timestamptz[])
         as m(connection_id, run_id, object, method, path, purpose, rows, status, ms, api_used, at) join connection c on c.id = m.connection_id and c.state <> 'erased'`,
      [calls.map((call) => call.connectionId), calls.map((call) => call.runId ?? null), calls.map((call) => call.object ?? null), calls.map((call) => call.method), calls.map((call) => call.path),
        calls.map((call) => call.purpose), calls.map((call) => call.rows ?? null), calls.map((call) => call.status), calls.map((call) => call.ms), calls.map((call) => call.apiUsed ?? null), calls.map((call) => call.at)]);
    for (const connectionId of new Set(calls.map((call) => call.connectionId))) await this.#trim(connectionId);
  }

  async #trim(connectionId: ConnectionId): Promise<void> {
    if (performance.now() - (this.#trimmedAt.get(connectionId) ?? -Infinity) < trimEveryMs) return;
    this.#trimmedAt.set(connectionId, performance.now());
    await this.pool.query(
      `delete from salesforce_call where connection_id = $1 and (at < now() - $3 * interval '1 day'
         or id <= (select id from salesforce_call where connection_id = $1 order by id desc offset $2 limit 1))`, [connectionId, keptCalls, keptDays]);
  }
}
