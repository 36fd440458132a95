import type { DuckDBConnection } from '@duckdb/node-api';

type Rows = readonly (readonly (string | null)[])[];

/** A connection that answers one question after the other. */
export class QueryLane {
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();
  waiting = 0;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** All statements see the same moment of the copy. The time includes the waiting for others. */
  async query(statements: readonly { readonly sql: string; readonly values: readonly string[] }[], timeoutMs: number): Promise<readonly Rows[]> {
    this.waiting += 1;
    const endsAt = performance.now() + timeoutMs;
    const answer = this.#last.then(() => this.#answer(statements, endsAt)).finally(() => (this.waiting -= 1));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #answer(statements: readonly { readonly sql: string; readonly values: readonly string[] }[], endsAt: number): Promise<readonly Rows[]> {
    const timer = setTimeout(() => this.#connection.interrupt(), Math.max(0, endsAt - performance.now()));
    await this.#connection.run('BEGIN TRANSACTION READ ONLY');
    try {
      const results: Rows[] = [];
      for (const { sql, values } of statements) {
        // An interruption between two statements would be forgotten by the next.
        if (performance.now() >= endsAt) throw new Error('interrupted before the statement began');
        results.push((await this.#connection.runAndReadAll(sql, [...values])).getRows() as (string | null)[][]);
      }
      return results;
    } finally {
      clearTimeout(timer);
      await this.#connection.run('ROLLBACK').catch(() => undefined);
    }
  }
}
