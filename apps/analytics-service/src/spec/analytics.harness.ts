import { randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AnalyticsQuery, QueryAnswer, RecordsAnswer, RecordsRequest, type AnalyticsQueryInput } from '@tributary/api-contracts';
import { ConnectionId } from '@tributary/event-contracts';
import { startService } from '@tributary/service-kit';
import { aServiceEnvironment, type ServiceEnvironment } from '@tributary/testing';
import { expect } from 'vitest';
import { AnalyticsModule } from '../analytics.module.ts';
import { readConfig, type EngineMode } from '../config.ts';
import { RunQuery } from '../question/run-query.ts';
import { ListRecords } from '../records/list-records.ts';
import { HandMadeWarehouse, homeWorkspace } from './warehouse.harness.ts';

/** analytics-service on real servers, with a clock that stands still until it is set. */
export class TestedAnalytics {
  readonly #warehouses: HandMadeWarehouse[] = [];
  now = new Date('2026-11-23T09:30:00Z');

  private constructor(
    readonly environment: ServiceEnvironment,
    private service: NestExpressApplication | undefined,
  ) {}

  static async start(variables: Readonly<Record<string, string>> = {}): Promise<TestedAnalytics> {
    const tested = new TestedAnalytics(await aServiceEnvironment(), undefined);
    await tested.startService(variables);
    return tested;
  }

  get app(): NestExpressApplication {
    if (this.service === undefined) throw new Error('the service is not running');
    return this.service;
  }

  async startService(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const { environment } = this;
    const config = readConfig({
      DATABASE_URL: environment.databaseUrl('analytics'), NATS_URL: environment.natsUrl('analytics'), TRIBUTARY_DATA_DIR: environment.dataFolder, TRIBUTARY_LOG_LEVEL: 'fatal', ...variables,
    });
    const { app } = await startService({ name: 'analytics-service', module: await AnalyticsModule.for(config, () => this.now), host: config.host, port: 0, logLevel: config.logLevel });
    this.service = app;
  }

  async stopService(): Promise<void> {
    await this.app.close();
    this.service = undefined;
  }

  /** A new connection with an empty warehouse. */
  async warehouse(): Promise<HandMadeWarehouse> {
    const warehouse = await HandMadeWarehouse.create(this.environment.databaseUrl('ingest'), randomUUID());
    this.#warehouses.push(warehouse);
    return warehouse;
  }

  async query({ connectionId }: HandMadeWarehouse, query: AnalyticsQueryInput, mode: EngineMode = 'postgres', workspaceId = homeWorkspace): Promise<QueryAnswer> {
    return QueryAnswer.parse(await this.app.get(RunQuery).execute({ workspaceId, connectionId: ConnectionId.parse(connectionId), query: AnalyticsQuery.parse(query) }, mode));
  }

  /** The answer, which both engines must give to the letter. */
  async bothEngines(warehouse: HandMadeWarehouse, query: AnalyticsQueryInput): Promise<QueryAnswer> {
    const [fromPostgres, fromDuckdb] = [await this.query(warehouse, query, 'postgres'), await this.query(warehouse, query, 'duckdb')];
    expect(fromDuckdb.explain?.engine).toBe('duckdb');
    expect(comparable(fromDuckdb)).toEqual(comparable(fromPostgres));
    return fromPostgres;
  }

  async records({ connectionId }: HandMadeWarehouse, object: string, request: Partial<RecordsRequest> = {}, workspaceId = homeWorkspace): Promise<RecordsAnswer> {
    return RecordsAnswer.parse(await this.app.get(ListRecords).execute({ workspaceId, connectionId: ConnectionId.parse(connectionId), object, request: RecordsRequest.parse(request) }));
  }

  async stop(): Promise<void> {
    await this.service?.close();
    await Promise.all(this.#warehouses.map((warehouse) => warehouse.close()));
    await this.environment.stop();
  }
}

function comparable({ columns, rows, totals, truncated, coverage, definitions }: QueryAnswer): unknown {
  return { columns, rows, totals, truncated, coverage, definitions };
}

/** The rows of an answer without drill tokens and labels, to compare with literal values. */
export function bare(rows: readonly QueryAnswer['rows'][number][]): unknown[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== '_drill' && !key.endsWith('.label'))));
}

/** A cell that must be a text. */
export function text(cell: QueryAnswer['rows'][number][string] | undefined): string {
  if (typeof cell !== 'string') throw new Error('the cell is no text');
  return cell;
}
