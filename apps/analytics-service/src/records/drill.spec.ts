import type { AnalyticsQueryInput, QueryRow, RecordsAnswer } from '@tributary/api-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestedAnalytics, text } from '../spec/analytics.harness.ts';
import { aLostDeal, anOpportunity, anOrg, aWonDeal } from '../spec/org.harness.ts';
import type { HandMadeWarehouse } from '../spec/warehouse.harness.ts';
import { drillToken } from './drill.ts';

let analytics: TestedAnalytics;
let warehouse: HandMadeWarehouse;

beforeAll(async () => {
  analytics = await TestedAnalytics.start();
  warehouse = await analytics.warehouse();
  await anOrg(warehouse);
  await warehouse.write('Opportunity',
    anOpportunity({ Amount: '10.00', CreatedDate: '2026-11-03T00:00:00Z', OwnerId: '005A', Score__c: '1.5' }), anOpportunity({ Amount: '20.00', OwnerId: '005A', CloseDate: '2026-11-20', Score__c: '1.50' }),
    anOpportunity({ Amount: null, OwnerId: '005B', Type: null }), anOpportunity({ Amount: '40.00', OwnerId: null, Reviewed__c: true, Checked__c: '2026-11-01T23:30:00Z' }),
    aWonDeal({ Amount: '80.00', OwnerId: '005B' }), aLostDeal({ Amount: '160.00', OwnerId: '005B' }), anOpportunity({ Amount: '999.00', _deleted: true }));
});

afterAll(async () => {
  await analytics.stop();
});

async function drill(row: QueryRow | undefined, metric?: string): Promise<RecordsAnswer> {
  const token = text(row?.['_drill']);
  return analytics.records(warehouse, 'Opportunity', { filter: metric === undefined ? token : `${token}:${metric}` });
}

/** Metric cells of a row, the parts included, nulls left out. */
function cells(row: QueryRow, metrics: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => metrics.some((metric) => key === metric || key.startsWith(`${metric}.`)) && value !== null));
}

describe('rows behind a figure', () => {
  const metrics = ['pipeline.open_amount', 'pipeline.open_count', 'pipeline.overdue_count', 'pipeline.weighted_amount', 'pipeline.created_count', 'bookings.won_amount', 'win_rate.by_count', 'win_rate.by_amount', 'deal_size.mean', 'deal_size.median', 'cycle.won_days_median'];
  const questions: readonly AnalyticsQueryInput[] = [
    { metrics, dimensions: ['owner'] }, { metrics, dimensions: ['type', 'stage'] }, { metrics, timeGrain: 'month', dimensions: ['fiscal_quarter'] }, { metrics, timeGrain: 'day' },
    { metrics, dimensions: ['opportunity.Score__c', 'opportunity.Reviewed__c', 'opportunity.Checked__c'] }, { metrics, dimensions: ['owner.Department', 'account.Industry'] },
    { metrics, dimensions: ['owner'], period: { calendar: 'fiscal', unit: 'quarter', from: 0, to: 0 }, filters: [{ field: 'type', op: 'neq', value: 'x' }] },
  ];

  it.each(questions.map((question, index) => ({ index, question })))('adds up to each cell and to the totals, question $index', async ({ question }) => {
    const answer = await analytics.query(warehouse, { ...question, totals: true });
    expect(answer.rows.length).toBeGreaterThan(0);
    for (const row of [...answer.rows, answer.totals ?? {}]) {
      const { sums } = await drill(row);
      expect(sums).toEqual(cells(row, metrics));
    }
  });

  it('lists exactly the rows of one metric, largest first, without deleted ones', async () => {
    const answer = await analytics.query(warehouse, { metrics: ['pipeline.open_amount', 'win_rate.by_count'], dimensions: ['owner'], totals: true });
    const open = await drill(answer.totals, 'pipeline.open_amount');
    expect(open.rows.map(({ Amount }) => Amount)).toEqual(['40.00', '20.00', '10.00', null]);
    expect(open.total).toBe(4);
    expect(open.sums).toEqual({ 'pipeline.open_amount': '70.00' });
    const closed = await drill(answer.rows.find(({ owner }) => owner === '005B'), 'win_rate.by_count');
    expect(closed.rows.map(({ StageName }) => StageName)).toEqual(['Closed Lost', 'Closed Won']);
    expect(closed.rows[0]).toMatchObject({ 'Owner.Name': 'Ben', 'Account.Name': 'Acme', IsWon: 'false', CreatedDate: '2026-10-15T10:00:00.000Z' });
    expect(closed.columns.slice(0, 3)).toEqual([{ name: 'Id', label: 'Id', type: 'id' }, { name: 'Name', label: 'Name', type: 'string' }, { name: 'StageName', label: 'Stage Name', type: 'picklist' }]);
  });

  it('means the same rows tomorrow', async () => {
    const answer = await analytics.query(warehouse, { metrics: ['pipeline.overdue_amount'], dimensions: ['stage'] });
    analytics.now = new Date('2027-06-01T00:00:00Z');
    expect((await drill(answer.rows[0])).sums).toEqual({ 'pipeline.overdue_amount': '20.00' });
    analytics.now = new Date('2026-11-23T09:30:00Z');
  });

  it('keeps tokens short, and refuses forged ones', async () => {
    expect(drillToken({ m: ['pipeline.open_count'], t: '2026-11-23', f: [{ field: 'type', op: 'in', value: Array.from({ length: 400 }, (_, n) => `value ${n * 7919 % 104_729} ${n * 104_729 % 7_919}`) }] })?.length).toBeLessThan(8_000);
    const forged = [`drill:j${Buffer.from('{"m":["pipeline.open_count"],"t":"today"}').toString('base64url')}`, 'drill:', 'drill:zAAAA', 'drill:j!!!', `${drillToken({ m: ['pipeline.open_count'], t: '2026-11-23' })}:bookings.won_count`];
    for (const filter of forged) await expect(analytics.records(warehouse, 'Opportunity', { filter })).rejects.toMatchObject({ code: 'records.drill_invalid' });
    const sql = drillToken({ m: ['pipeline.open_count'], t: '2026-11-23', c: { 'opportunity.Type" OR 1=1 --': 'x' } });
    await expect(analytics.records(warehouse, 'Opportunity', { filter: sql ?? '' })).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(analytics.records(warehouse, 'Account', { filter: drillToken({ m: ['pipeline.open_count'], t: '2026-11-23' }) ?? '' })).rejects.toMatchObject({ code: 'records.wrong_object' });
  });
});

describe('rows of an object', () => {
  it('pages by key without gap or repetition, empty values last, in both directions', async () => {
    for (const sort of ['Amount', '-Amount', 'Id', '-CloseDate', 'CreatedDate', '-Score__c', 'Type', 'IsWon']) {
      const whole = (await analytics.records(warehouse, 'Opportunity', { sort })).rows.map(({ Id }) => Id);
      const paged: (string | null | undefined)[] = [];
      let cursor: string | undefined;
      do {
        const page = await analytics.records(warehouse, 'Opportunity', { sort, limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.total).toBe(6);
        paged.push(...page.rows.map(({ Id }) => Id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(whole).toHaveLength(6);
      expect(paged).toEqual(whole);
    }
    expect((await analytics.records(warehouse, 'Opportunity', { sort: '-Amount' })).rows.map(({ Amount }) => Amount)).toEqual(['160.00', '80.00', '40.00', '20.00', '10.00', null]);
  });

  it('filters by JSON on fields of the object, and for deals also one hop away', async () => {
    const filter = JSON.stringify([{ field: 'Name', op: 'eq', value: 'Ben' }]);
    expect((await analytics.records(warehouse, 'user', { filter })).rows).toEqual([{ Id: '005B', Name: 'Ben', IsActive: 'false', Department: 'West' }]);
    const hop = JSON.stringify([{ field: 'owner.Department', op: 'eq', value: 'West' }, { any: [{ field: 'Amount', op: 'between', value: [80, 160] }, { field: 'stage', op: 'eq', value: 'Proposal' }] }]);
    expect((await analytics.records(warehouse, 'Opportunity', { filter: hop })).total).toBe(3);
  });

  it('refuses what it does not know', async () => {
    await expect(analytics.records(warehouse, 'Lead')).rejects.toMatchObject({ code: 'OBJECT_NOT_COPIED', kind: 'not-found' });
    await expect(analytics.records(warehouse, 'User', { sort: 'Nope' })).rejects.toMatchObject({ code: 'records.unknown_field' });
    await expect(analytics.records(warehouse, 'User', { filter: 'Name = 1' })).rejects.toMatchObject({ code: 'records.filter_invalid' });
    await expect(analytics.records(warehouse, 'User', { cursor: 'abc' })).rejects.toMatchObject({ code: 'records.cursor_invalid' });
    await expect(analytics.records(warehouse, 'User', { filter: JSON.stringify([{ field: 'Nope', op: 'eq', value: 1 }]) })).rejects.toMatchObject({ code: 'query.unknown_field' });
  });
});
