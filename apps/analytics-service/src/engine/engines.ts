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

/** Chooses who answers: the copy when it is warm and current, else the warehouse. A copy that fails costs time, never the answer. */
@Injectable()
export class Engines {
  readonly #log = new Logger('engines');

  constructor(
    private readonly warehouse: Warehouse,
    private readonly datasets: Datasets,
  ) {}

  /** @throws Unavailable `query.timeout`; Conflict `dataset.not_ready` when only the copy may answer and there is none */
  async ask(connectionId: string, catalogue: Catalogue, mode: EngineMode, compile: (dialect: Dialect) => readonly Statement[]): Promise<EngineAnswer> {
    if (mode !== 'postgres') {
      const results = await this.#askCopy(connectionId, catalogue, mode, compile);
      if (results !== undefined) return { engine: 'duckdb', results };
      if (mode === 'duckdb') throw new Conflict('dataset.not_ready', 'The analysis copy of this connection cannot be used at the moment.', { retryAfterMs: 5_000 });
    }
    return { engine: 'postgres', results: await askPostgres(this.warehouse, compile(postgresDialect(catalogue.schema))) };
  }

  async #askCopy(connectionId: string, catalogue: Catalogue, mode: EngineMode, compile: (dialect: Dialect) => readonly Statement[]): Promise<EngineAnswer['results'] | undefined> {
    const host = await this.datasets.hostFor(connectionId, catalogue, mode === 'duckdb' ? 'endless' : 'short');
    if (host === undefined) return undefined;
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

async function askHost(host: DuckDbHost, statements: readonly Statement[]): Promise<readonly (readonly EngineRow[])[]> {
  const results = await host.run({ do: 'query', statements: statements.map(({ sql, values }) => ({ sql, values })), timeoutMs: questionTimeoutMs });
  return results.map((rows, index) => namedRows(statements[index]?.columns ?? [], rows));
}
