import { Injectable, Logger } from '@nestjs/common';
import { Conflict } from '@tributary/failures';
import type { EngineRow } from '../answer/finish-metric.ts';
import type { Statement } from '../compile/compile-query.ts';
import { duckdbDialect, postgresDialect, type Dialect } from '../compile/dialect.ts';
import type { EngineMode } from '../config.ts';
import { Datasets } from '../dataset/datasets.ts';
import type { Catalogue } from '../warehouse/catalogue.ts';
import { Warehouse } from '../warehouse/warehouse.client.ts';
import { CopyFailed, CopyTimeout } from './copy-failure.ts';
import type { DuckDbHost } from './duckdb-host.ts';
import { askPostgres, namedRows } from './postgres-engine.ts';
import { questionTimeoutMs, queryTimeout } from './query-timeout.ts';

export interface EngineAnswer {
  readonly engine: Dialect['engine'];
  /** Rows per statement. */
  readonly results: readonly (readonly EngineRow[])[];
}

/** The statements of a question in an engine's dialect. */
type Compile = (dialect: Dialect) => readonly Statement[];

/** Whoever was chosen to answer. */
export type Ask = (compile: Compile) => Promise<EngineAnswer>;

/** Chooses who answers: the copy when it is warm and current, else the warehouse. A copy that fails costs time, never the answer. */
@Injectable()
export class Engines {
  readonly #log = new Logger('engines');

  constructor(
    private readonly warehouse: Warehouse,
    private readonly datasets: Datasets,
  ) {}

  /** Asks whoever can answer now. @throws as `choose` and what it gives */
  async ask(connectionId: string, catalogue: Catalogue, mode: EngineMode, compile: Compile): Promise<EngineAnswer> {
    const answers = await this.choose(connectionId, catalogue, mode);
    return answers(compile);
  }

  /**
   * Chooses once for questions that are asked together, so that they do not each wait for the copy.
   * What it gives throws Unavailable `query.timeout`, and Conflict `dataset.not_ready` when only the copy may answer and it fails.
   * @throws Conflict `dataset.not_ready` when only the copy may answer and there is none
   */
  async choose(connectionId: string, catalogue: Catalogue, mode: EngineMode): Promise<Ask> {
    const host = mode === 'postgres' ? undefined : await this.datasets.hostFor(connectionId, catalogue, mode === 'duckdb' ? 'endless' : 'short');
    if (host === undefined && mode === 'duckdb') throw copyMissing();
    return async (compile) => {
      const results = host === undefined ? undefined : await this.#askCopy(host, connectionId, compile);
      if (results !== undefined) return { engine: 'duckdb', results };
      if (mode === 'duckdb') throw copyMissing();
      return { engine: 'postgres', results: await askPostgres(this.warehouse, compile(postgresDialect(catalogue.schema))) };
    };
  }

  async #askCopy(host: DuckDbHost, connectionId: string, compile: Compile): Promise<EngineAnswer['results'] | undefined> {
    try {
      return await askHost(host, compile(duckdbDialect));
    } catch (error) {
      if (error instanceof CopyTimeout) throw queryTimeout(error);
      if (!(error instanceof CopyFailed)) throw error;
      this.#log.warn(`the copy of ${connectionId} could not answer, PostgreSQL does: ${error.message}`);
      return undefined;
    }
  }
}

function copyMissing(): Conflict {
  return new Conflict('dataset.not_ready', 'The analysis copy of this connection cannot be used at the moment.', { retryAfterMs: 5_000 });
}

async function askHost(host: DuckDbHost, statements: readonly Statement[]): Promise<readonly (readonly EngineRow[])[]> {
  const results = await host.run({ do: 'query', statements: statements.map(({ sql, values }) => ({ sql, values })), timeoutMs: questionTimeoutMs });
  return results.map((rows, index) => namedRows(statements[index]?.columns ?? [], rows));
}
