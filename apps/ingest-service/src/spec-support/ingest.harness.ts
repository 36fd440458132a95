import type { NestExpressApplication } from '@nestjs/platform-express';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { getSyncRun, listSyncRuns, startSyncRun, type RequestDefinition, type SyncRun } from '@tributary/api-contracts';
import { ConnectionId, SyncRunId, type WorkspaceId } from '@tributary/event-contracts';
import { failureFromWire, type WireFailure } from '@tributary/failures';
import { startSimulator, type Row, type Simulator, type SimulatorOptions } from '@tributary/salesforce-simulator';
import { startService } from '@tributary/service-kit';
import { aServiceEnvironment, until, type ServiceEnvironment } from '@tributary/testing';
import { Client, type QueryResultRow } from 'pg';
import { gunzipSync } from 'node:zlib';
import { readConfig, type IngestConfig } from '../config.ts';
import { IngestModule } from '../ingest.module.ts';
import { warehouseSchemaOf } from '../warehouse/warehouse-schema.ts';
import { AuthDouble, homeWorkspace } from './auth-double.harness.ts';

export const connectionId = ConnectionId.parse('0199aa00-0000-7000-8000-000000000001');
/** Of the person who consented to `connectionId`. */
export const workspaceId = homeWorkspace;
export const schema = warehouseSchemaOf(connectionId);

/** ingest-service with a real database, a real bus, the simulator as Salesforce and a double of auth-service. */
export class IngestHarness {
  app: NestExpressApplication | undefined;
  /** Further instances of the service. */
  readonly #others: NestExpressApplication[] = [];

  private constructor(
    readonly environment: ServiceEnvironment,
    readonly simulator: Simulator,
    readonly bus: NatsConnection,
    readonly auth: AuthDouble,
    /** Superuser on this file's database. */
    readonly database: Client,
  ) {}

  static async start(options: SimulatorOptions = { size: 'small' }): Promise<IngestHarness> {
    const [environment, simulator] = await Promise.all([aServiceEnvironment(), startSimulator(options)]);
    const bus = await connect({ servers: `127.0.0.1:${environment.nats.port}`, user: 'observer', pass: 'observer' });
    const database = new Client({ connectionString: environment.adminUrl });
    await database.connect();
    const harness = new IngestHarness(environment, simulator, bus, await AuthDouble.start(bus, environment, simulator), database);
    simulator.settings.bulkQueueMs = 10;
    simulator.settings.bulkRunMs = 10;
    return harness;
  }

  /** Variables of the service; the schedule rests unless a test says otherwise. */
  variables(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const { environment, simulator } = this;
    return {
      TRIBUTARY_DATA_DIR: environment.dataFolder, DATABASE_URL: environment.databaseUrl('ingest'), NATS_URL: environment.natsUrl('ingest'), TRIBUTARY_SERVICE_KEYS_FILE: environment.keysFile('ingest'),
      TRIBUTARY_PEER_KEYS_FILE: environment.peerKeysFile, SALESFORCE_EXTRA_ORIGINS: simulator.origins.join(','), TRIBUTARY_SYNC_INTERVAL_SECONDS: '3600', TRIBUTARY_LOG_LEVEL: 'warn', ...more,
    };
  }

  /** @param changes of the configuration that no variable allows, such as pages of a few rows */
  async startService(more: NodeJS.ProcessEnv = {}, changes: Partial<IngestConfig> = {}): Promise<void> {
    this.app = await this.#start(more, changes);
    await this.untilStream();
  }

  /** Starts one more instance of the service beside the first, with the same work to share. */
  async startAnother(more: NodeJS.ProcessEnv = {}, changes: Partial<IngestConfig> = {}): Promise<void> {
    this.#others.push(await this.#start(more, changes));
  }

  async #start(more: NodeJS.ProcessEnv, changes: Partial<IngestConfig>): Promise<NestExpressApplication> {
    const config = { ...readConfig(this.variables(more)), ...changes };
    return (await startService({ name: 'ingest-service', module: await IngestModule.for(config), host: '127.0.0.1', port: 0, logLevel: config.logLevel })).app;
  }

  /** All instances of the service. */
  get apps(): readonly NestExpressApplication[] {
    return [...(this.app === undefined ? [] : [this.app]), ...this.#others];
  }

  /** A part of the service as it runs. @throws when it does not */
  get<T>(token: new (...parts: never[]) => T): T {
    if (this.app === undefined) throw new Error('The service is not started.');
    return this.app.get(token);
  }

  async untilStream(): Promise<void> {
    await until('the event stream', async () => (await this.bus.request('$JS.API.STREAM.INFO.EVT', '', { timeout: 1_000 })).json<{ error?: unknown }>().error === undefined, 30_000);
  }

  async stopService(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    this.#others.length = 0;
    this.app = undefined;
  }

  async stop(): Promise<void> {
    await this.stopService();
    await this.bus.close();
    await this.simulator.stop();
    await this.database.end();
    await this.environment.stop();
  }

  /** Asks ingest-service as the gateway does, for a person of a workspace. */
  async ask<Request extends { readonly workspaceId: WorkspaceId }, Reply>(definition: RequestDefinition<Request, Reply>, request: Omit<Request, 'workspaceId'>, workspace = workspaceId): Promise<Reply> {
    const { data } = await this.bus.request(definition.subject, JSON.stringify({ ...request, workspaceId: workspace }), { timeout: 20_000 });
    const bytes = Buffer.from(data);
    const wire = JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8')) as { reply?: unknown; failure?: WireFailure };
    if (wire.failure !== undefined) throw failureFromWire(wire.failure);
    return definition.reply.parse(wire.reply);
  }

  /** Waits for the end of the newest run that is not `after`. */
  async finishedRun(after?: string, withinMs = 60_000): Promise<SyncRun> {
    return until('a finished run', async () => {
      const { runs: [newest] } = await this.ask(listSyncRuns, { connectionId, limit: 1 });
      if (newest === undefined || newest.id === after || newest.status === 'running') return undefined;
      return this.ask(getSyncRun, { connectionId, runId: SyncRunId.parse(newest.id) });
    }, withinMs);
  }

  /** Consents and waits for the end of the first run. */
  async firstRun(): Promise<SyncRun> {
    this.auth.publishAuthorized(connectionId);
    this.auth.publishTokenReady(connectionId);
    return this.finishedRun();
  }

  /** Starts a run and waits for its end. */
  async nextRun(withinMs = 60_000): Promise<SyncRun> {
    const { run } = await this.ask(startSyncRun, { connectionId });
    return until('the end of the run', async () => {
      const now = await this.ask(getSyncRun, { connectionId, runId: SyncRunId.parse(run.id) });
      return now.status === 'running' ? undefined : now;
    }, withinMs);
  }

  async rows<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(sql, values)).rows;
  }

  /** Rows of an object's table as texts, by Id. @param ids of the rows; all where none are given */
  async stored(object: string, ids?: readonly string[]): Promise<Map<string, Record<string, string | null>>> {
    const rows = await this.rows<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${schema}.${object.toLowerCase()} t where $1::text[] is null or id = any($1)`, [ids ?? null]);
    return new Map(rows.map(({ row }) => [String(row['id']), Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)]))]));
  }

  /** Differences between an object at the source and in the warehouse, worded for a failing test; none when they are equal row by row. */
  async differences(object: string): Promise<string[]> {
    const columns = await this.rows<StoredColumn>(
      `select field, column_name, column_type from ${schema}.field_catalogue where object = $1 and seen_until is null and column_name is not null and not formula`, [object]);
    if (columns.length < 2) return [`${object} has no columns`];
    const extra = new Set((await this.rows<{ id: string }>(`select id from ${schema}.${object.toLowerCase()} where not _deleted`)).map(({ id }) => id));
    const found: string[] = [];
    // Some at a time: all values of a wide object would not fit in memory twice.
    for (const some of batchesOf(this.simulator.org.eachRow(object), Math.ceil(valuesAtOnce / columns.length))) {
      const source = new Map(some.map((row) => [String(row['Id']), row]));
      const stored = await this.stored(object, [...source.keys()]);
      for (const [id, row] of source) {
        extra.delete(id);
        found.push(...differencesOfRow(`${object} ${id}`, row, stored.get(id), columns));
      }
    }
    return [...found, ...[...extra].map((id) => `${object} ${id} is not at the source`)].slice(0, 10);
  }
}

interface StoredColumn {
  readonly field: string;
  readonly column_name: string;
  readonly column_type: string;
}

const valuesAtOnce = 200_000;

function* batchesOf<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const one of all) {
    if (batch.push(one) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function differencesOfRow(name: string, row: Row, kept: Readonly<Record<string, string | null>> | undefined, columns: readonly StoredColumn[]): string[] {
  if (kept === undefined) return [`${name} is missing`];
  return columns.filter(({ field, column_name: column, column_type: type }) => canonical(sourceText(row, field), type) !== canonical(kept[column] ?? null, type))
    .map(({ field, column_name: column }) => `${name} ${field}: ${String(sourceText(row, field))} at the source, ${String(kept[column])} stored`);
}

function sourceText(row: Row, field: string): string | null {
  const value: unknown = row[field];
  return value === null || value === undefined || value === '' ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** One spelling for equal values of a column type. */
function canonical(value: string | null, type: string): string | null {
  if (value === null) return null;
  if (type === 'timestamptz') return new Date(value).toISOString();
  if (type === 'numeric' || type === 'bigint') return String(Number(value));
  if (type === 'time') return value.replace(/Z$/, '').replace(/\.0+$/, '');
  return value;
}
