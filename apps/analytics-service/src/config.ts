import { join } from 'node:path';
import { commonVariables, readConfiguration } from '@tributary/service-kit';
import { z } from 'zod';

const wholeNumber = (what: string, min: number, max: number) => z.coerce.number(what).int(what).min(min, what).max(max, what);

const analyticsVariables = {
  ...commonVariables,
  WAREHOUSE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// address').optional(),
  TRIBUTARY_ANALYTICS_ENGINE: z.enum(['auto', 'duckdb', 'postgres'], 'must be auto, duckdb or postgres').default('auto'),
  TRIBUTARY_ANALYTICS_THREADS: wholeNumber('must be a number from 1 to 64', 1, 64).default(2),
  TRIBUTARY_ANALYTICS_MEMORY_MB: wholeNumber('must be a number of megabytes from 128 to 1000000', 128, 1_000_000).default(1_024),
  TRIBUTARY_ANALYTICS_OPEN_COPIES: wholeNumber('must be a number from 1 to 200', 1, 200).default(4),
} as const;

/** Which engine answers: `auto` uses the copy when it is warm, and the warehouse otherwise. */
export type EngineMode = 'auto' | 'duckdb' | 'postgres';

export interface AnalyticsConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly databaseUrl: string;
  /** Read-only use. */
  readonly warehouseUrl: string;
  readonly natsUrl: string;
  /** Folder of the DuckDB files, one per connection. */
  readonly copyFolder: string;
  readonly engine: EngineMode;
  readonly duckdbThreads: number;
  /** Limit of one DuckDB process. */
  readonly duckdbMemoryMb: number;
  /** DuckDB processes at the same time; the least used are closed. */
  readonly openCopies: number;
}

/** Injection token of the `AnalyticsConfig`. */
export const CONFIG = Symbol('ANALYTICS_CONFIG');

/** @throws ConfigurationError naming every wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): AnalyticsConfig {
  const variables = readConfiguration(analyticsVariables, env);
  return {
    host: variables.TRIBUTARY_SERVICE_HOST,
    port: variables.TRIBUTARY_SERVICE_PORT,
    logLevel: variables.TRIBUTARY_LOG_LEVEL,
    databaseUrl: variables.DATABASE_URL,
    warehouseUrl: variables.WAREHOUSE_URL ?? variables.DATABASE_URL,
    natsUrl: variables.NATS_URL,
    copyFolder: join(variables.TRIBUTARY_DATA_DIR, 'analytics'),
    engine: variables.TRIBUTARY_ANALYTICS_ENGINE,
    duckdbThreads: variables.TRIBUTARY_ANALYTICS_THREADS,
    duckdbMemoryMb: variables.TRIBUTARY_ANALYTICS_MEMORY_MB,
    openCopies: variables.TRIBUTARY_ANALYTICS_OPEN_COPIES,
  };
}
