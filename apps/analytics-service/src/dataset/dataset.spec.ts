import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnalyticsQuery, listMetrics, LiveMessage, MetricRegistry, runQueries, runQuery } from '@tributary/api-contracts';
import { ConnectionId, connectionErased, liveSubject, ReceiptId, SyncRunId, windowCommitted, type AnyEnvelope } from '@tributary/event-contracts';
import { connectBus, RequestClient } from '@tributary/messaging';
import { SqlPool } from '@tributary/persistence';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestedAnalytics } from '../spec/analytics.harness.ts';
import { anOpportunity, anOrg } from '../spec/org.harness.ts';
import { homeWorkspace as workspaceId, type HandMadeWarehouse, type Row } from '../spec/warehouse.harness.ts';
import { Datasets } from './datasets.ts';

type Bus = Awaited<ReturnType<typeof connectBus>>;

let analytics: TestedAnalytics;
let warehouse: HandMadeWarehouse;
let deal: Row;
let gateway: Bus;
let ingest: Bus;
let auth: Bus;
const live: LiveMessage[] = [];

beforeAll(async () => {
  analytics = await TestedAnalytics.start();
  [gateway, ingest, auth] = await Promise.all((['gateway', 'ingest', 'auth'] as const).map((service) => connectBus({ service, natsUrl: analytics.environment.natsUrl(service) }))) as [Bus, Bus, Bus];
  gateway.subscribe(liveSubject('*'), { callback: (_error, message) => void live.push(LiveMessage.parse(message.json())) });
  await gateway.flush();
});

afterAll(async () => {
  await Promise.all([gateway, ingest, auth].map((bus) => bus.close()));
  await analytics.stop();
});

beforeEach(async () => {
  warehouse = await analytics.warehouse();
  await anOrg(warehouse);
  deal = anOpportunity({ Amount: '1.00' });
  await warehouse.write('Opportunity', deal);
});

function publish(bus: Bus, subject: string, event: AnyEnvelope): void {
  bus.publish(subject, JSON.stringify(event));
}

function committed(version: number): void {
  const connectionId = ConnectionId.parse(warehouse.connectionId);
  const event = windowCommitted.create({
    connectionId, runId: SyncRunId.parse(randomUUID()), object: 'Opportunity', receiptId: ReceiptId.parse(randomUUID()), fromVersion: String(version - 1), toVersion: String(version), rows: 1, tombstones: 0, settledUntil: null, complete: true,
  });
  publish(ingest, windowCommitted.subject(connectionId), event);
}

async function open(mode: 'auto' | 'duckdb' | 'postgres' = 'auto'): Promise<[string | undefined, unknown, unknown]> {
  const answer = await analytics.query(warehouse, { metrics: ['pipeline.open_amount', 'pipeline.open_count'] }, mode);
  return [answer.explain?.engine, answer.rows[0]?.['pipeline.open_amount'], answer.rows[0]?.['pipeline.open_count']];
}

/** Waits until the copy answers again without being asked to. */
async function untilWarm(): Promise<void> {
  await until('the copy answers', async () => (await open())[0] === 'duckdb', 40_000);
}

async function refreshedEvents(): Promise<{ objects: { object: string; version: string; rows: number }[] }[]> {
  const { rows } = await analytics.app.get(SqlPool).query<{ data: { objects: { object: string; version: string; rows: number }[] } }>(`select payload -> 'data' as data from outbox where aggregate = $1 order by id`, [warehouse.connectionId]);
  return rows.map(({ data }) => data);
}

function dataset() {
  return analytics.app.get(Datasets).of(warehouse.connectionId);
}

describe('news of the warehouse', () => {
  it('merges after a committed window, and tells it on the bus and live', async () => {
    committed(1);
    await until('the copy is told to be refreshed', () => live.some((message) => message.type === 'dataset.refreshed' && message.connectionId === warehouse.connectionId), 40_000);
    expect((await refreshedEvents())[0]?.objects).toContainEqual({ object: 'Opportunity', version: '1', rows: 1 });
    expect(await open()).toEqual(['duckdb', '1.00', '1']);
    await until('the event has left', async () => (await ownRows(`select 1 from outbox where aggregate = $1 and published_at is not null`)).length > 0);
  });

  it('loses nothing by lost, doubled and late events: a question compares versions itself', async () => {
    await dataset().refresh();
    await warehouse.write('Opportunity', { ...deal, Amount: '2.00' });
    await warehouse.write('Opportunity', { ...deal, Amount: '3.00' }, anOpportunity({ Amount: '4.00' }));
    expect(await open('duckdb')).toEqual(['duckdb', '7.00', '2']);
    for (const version of [3, 2, 3, 1]) committed(version);
    await warehouse.write('Opportunity', { ...deal, Amount: '3.00', _deleted: true });
    committed(4);
    await until('the late event is merged', async () => (await refreshedEvents()).some(({ objects }) => objects.some(({ object, version }) => object === 'Opportunity' && version === '4')), 40_000);
    expect(await open('duckdb')).toEqual(['duckdb', '4.00', '1']);
    expect(await open('postgres')).toEqual(['postgres', '4.00', '1']);
  });

  it('takes new and retyped fields and more digits than before', async () => {
    expect(await open('duckdb')).toEqual(['duckdb', '1.00', '1']);
    await warehouse.addField('Opportunity', 'Region__c', 'picklist');
    await warehouse.write('Opportunity', { ...deal, Amount: '1.005', Region__c: 'North' });
    const answer = await analytics.bothEngines(warehouse, { metrics: ['pipeline.open_amount'], dimensions: ['opportunity.Region__c'] });
    // 1.005 has more digits than describe tells; half away from zero
    expect(answer.rows[0]).toMatchObject({ 'opportunity.Region__c': 'North', 'pipeline.open_amount': '1.01' });
  });

  it('reads a wide object by the view that is made for readers of whole rows', async () => {
    // It says something else than the table, so that one sees which was read.
    await warehouse.sql(`create view ${warehouse.schema}.opportunity__whole as select id, 5.00 as amount, ${(await warehouse.columns('Opportunity')).filter((column) => column !== 'id' && column !== 'amount').join(', ')} from ${warehouse.schema}.opportunity`);
    expect(await open('duckdb')).toEqual(['duckdb', '5.00', '1']);
    expect(await open('postgres')).toEqual(['postgres', '1.00', '1']);
  });
});

describe('a copy that is lost', () => {
  it('answers from PostgreSQL while it is built, and the build is begun by the question', async () => {
    expect(await open()).toEqual(['postgres', '1.00', '1']);
    await untilWarm();
  });

  it('is made anew when its file was deleted while running', async () => {
    expect(await open('duckdb')).toEqual(['duckdb', '1.00', '1']);
    await rm(dataset().file);
    expect((await open())[1]).toBe('1.00');
    await untilWarm();
    expect(existsSync(dataset().file)).toBe(true);
    await warehouse.write('Opportunity', anOpportunity({ Amount: '5.00' }));
    expect(await open('duckdb')).toEqual(['duckdb', '6.00', '2']);
  });

  it('is made anew when its file is damaged, and tells no version twice', async () => {
    expect(await open('duckdb')).toEqual(['duckdb', '1.00', '1']);
    const told = (await refreshedEvents()).length;
    await dataset().close();
    await writeFile(dataset().file, 'not a database at all'.repeat(1_000));
    expect((await open())[1]).toBe('1.00');
    await untilWarm();
    expect(await refreshedEvents()).toHaveLength(told);
  });

  it('costs no answer when its process is killed', async () => {
    expect(await open('duckdb')).toEqual(['duckdb', '1.00', '1']);
    process.kill(dataset().host?.pid ?? 0, 'SIGKILL');
    expect((await open())[1]).toBe('1.00');
    await untilWarm();
    expect((await fetch(`${await analytics.app.getUrl()}/health/live`)).status).toBe(200);
  });

  it('is made anew when the warehouse was', async () => {
    await warehouse.write('Opportunity', { ...deal, Amount: '2.00' });
    expect(await open('duckdb')).toEqual(['duckdb', '2.00', '1']);
    await warehouse.sql(`delete from ${warehouse.schema}.opportunity; update ${warehouse.schema}.sync_object set version = 0 where object = 'Opportunity'`);
    await warehouse.write('Opportunity', anOpportunity({ Amount: '9.00' }));
    expect(await open('duckdb')).toEqual(['duckdb', '9.00', '1']);
  });
});

describe('many connections', () => {
  it('have no more processes than allowed, and all get their copies', async () => {
    const warehouses = [warehouse, ...await Promise.all(Array.from({ length: 6 }, () => analytics.warehouse()))];
    for (const other of warehouses.slice(1)) {
      await anOrg(other);
      await other.write('Opportunity', anOpportunity({ Amount: '1.00' }));
    }
    const datasets = warehouses.map(({ connectionId }) => analytics.app.get(Datasets).of(connectionId));
    expect(await Promise.all(datasets.map((one) => one.refresh()))).toEqual(datasets.map(() => true));
    expect(datasets.filter(({ host }) => host?.isUsable === true).length).toBeLessThanOrEqual(4);
    expect(datasets.map(({ file }) => existsSync(file))).toEqual(datasets.map(() => true));
  });
});

describe('an erased connection', () => {
  it('keeps a frozen copy, or leaves no trace and is not copied again by a late event', async () => {
    const connectionId = ConnectionId.parse(warehouse.connectionId);
    expect(await open('duckdb')).toEqual(['duckdb', '1.00', '1']);
    const { file } = dataset();
    publish(auth, connectionErased.subject(connectionId), connectionErased.create({ connectionId, data: 'keep' }));
    publish(auth, connectionErased.subject(connectionId), connectionErased.create({ connectionId, data: 'erase' }));
    await until('the file is gone', () => !existsSync(file), 40_000);
    await until('its rows are gone', async () => (await ownRows('select 1 from dataset where connection_id::text = $1')).length === 0);
    const confirmed = `select payload->'data'->>'data' as data from outbox where payload->>'type' = 'analytics.dataset.closed' and aggregate = $1 order by id`;
    await until('both confirmations', async () => (await ownRows(confirmed)).length === 2);
    expect(await ownRows(confirmed)).toEqual([{ data: 'keep' }, { data: 'erase' }]);
    committed(9);
    expect(await dataset().refresh()).toBe(false);
    expect(existsSync(join(analytics.environment.dataFolder, 'analytics', `${connectionId}.duckdb`))).toBe(false);
  });
});

describe('questions over the bus', () => {
  it('are answered, and failures arrive with their codes', async () => {
    const requests = new RequestClient(gateway);
    const { metrics } = MetricRegistry.parse(await requests.ask(listMetrics, {}));
    expect(metrics.map(({ id }) => id)).toEqual([
      'pipeline.open_amount', 'pipeline.open_count', 'pipeline.overdue_amount', 'pipeline.overdue_count', 'pipeline.weighted_amount', 'pipeline.created_amount', 'pipeline.created_count',
      'bookings.won_amount', 'bookings.won_count', 'win_rate.by_count', 'win_rate.by_amount', 'deal_size.mean', 'deal_size.median', 'cycle.won_days_median',
    ]);
    const connectionId = ConnectionId.parse(warehouse.connectionId);
    const query = { metrics: ['pipeline.open_amount'], dimensions: [], filters: [], asOf: 'now', limit: 10, totals: false, orderBy: [], explain: 'summary' } as const;
    const answer = await requests.ask(runQuery, { workspaceId, connectionId, query: { ...query, metrics: [...query.metrics], dimensions: [], filters: [], orderBy: [] } });
    expect(answer).toMatchObject({ asOf: { asked: 'now', data: '2026-11-23T09:14:02.000Z', version: '1' }, definitions: { 'pipeline.open_amount': { timeField: 'Opportunity.CloseDate' } } });
    await expect(requests.ask(runQuery, { workspaceId, connectionId, query: { ...query, metrics: ['nope'], dimensions: [], filters: [], orderBy: [] } })).rejects.toMatchObject({ code: 'query.unknown_metric', kind: 'invalid-input' });
    await expect(requests.ask(runQuery, { workspaceId, connectionId: ConnectionId.parse(randomUUID()), query: { ...query, metrics: [...query.metrics], dimensions: [], filters: [], orderBy: [] } })).rejects.toMatchObject({ code: 'dataset.not_ready', kind: 'conflict' });
  });

  it('are answered together at the same versions, in their order, and one that fails leaves the others alone', async () => {
    const requests = new RequestClient(gateway);
    const connectionId = ConnectionId.parse(warehouse.connectionId);
    const asking = (...metrics: string[]) => AnalyticsQuery.parse({ metrics });
    const { answers } = await requests.ask(runQueries, { workspaceId, connectionId, queries: [asking('pipeline.open_count'), asking('nope'), asking('pipeline.open_amount')] });
    const single = await requests.ask(runQuery, { workspaceId, connectionId, query: asking('pipeline.open_amount') });
    expect(answers).toMatchObject([
      { answer: { columns: [{ key: 'pipeline.open_count' }] } }, { failure: { kind: 'invalid-input', code: 'query.unknown_metric' } },
      { answer: { rows: single.rows, asOf: single.asOf } },
    ]);
    const elsewhere = requests.ask(runQueries, { workspaceId, connectionId: ConnectionId.parse(randomUUID()), queries: [asking('pipeline.open_count')] });
    await expect(elsewhere).rejects.toMatchObject({ code: 'dataset.not_ready', kind: 'conflict' });
  });
});

/** Rows of the service's own schema about this connection. */
async function ownRows(sql: string): Promise<unknown[]> {
  return (await analytics.app.get(SqlPool).query<Record<string, unknown>>(sql, [warehouse.connectionId])).rows;
}
