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

  /** All statements see the same moment of the copy. Their time runs from the start of the work, not of the waiting. */
  async query(statements: readonly { readonly sql: string; readonly values: readonly string[] }[], timeoutMs: number): Promise<readonly Rows[]> {
    this.waiting += 1;
    const answer = this.#last.then(() => this.#answer(statements, timeoutMs)).finally(() => (this.waiting -= 1));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #answer(statements: readonly { readonly sql: string; readonly values: readonly string[] }[], timeoutMs: number): Promise<readonly Rows[]> {
    const timer = setTimeout(() => this.#connection.interrupt(), timeoutMs);
    await this.#connection.run('BEGIN TRANSACTION READ ONLY');
    try {
      const results: Rows[] = [];
      for (const { sql, values } of statements) results.push((await this.#connection.runAndReadAll(sql, [...values])).getRows() as (string | null)[][]);
      return results;
    } finally {
      clearTimeout(timer);
      await this.#connection.run('ROLLBACK').catch(() => undefined);
    }
  }
}
