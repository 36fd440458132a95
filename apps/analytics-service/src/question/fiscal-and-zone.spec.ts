import type { AnalyticsQueryInput } from '@tributary/api-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../calendar/dates.ts';
import { bare, TestedAnalytics } from '../spec/analytics.harness.ts';
import { anOpportunity, anOrg, aWonDeal } from '../spec/org.harness.ts';
import type { HandMadeWarehouse } from '../spec/warehouse.harness.ts';

let analytics: TestedAnalytics;
let berlin: HandMadeWarehouse;

beforeAll(async () => {
  analytics = await TestedAnalytics.start();
  berlin = await analytics.warehouse();
  await anOrg(berlin);
  await berlin.write('Opportunity',
    aWonDeal({ Amount: '1.00', CloseDate: '2026-01-31', CreatedDate: '2026-01-31T22:59:59.999Z' }),
    aWonDeal({ Amount: '2.00', CloseDate: '2026-02-01', CreatedDate: '2026-01-31T23:00:00Z' }),
    // around the night of 2026-03-29, when Berlin goes from +1 to +2
    anOpportunity({ Amount: '4.00', CloseDate: '2027-01-31', CreatedDate: '2026-03-28T23:00:00Z' }),
    anOpportunity({ Amount: '8.00', CloseDate: '2027-02-01', CreatedDate: '2026-03-29T21:59:59Z' }),
    anOpportunity({ Amount: '16.00', CloseDate: '2026-11-01', CreatedDate: '2026-03-29T22:00:00Z' }));
});

afterAll(async () => {
  await analytics.stop();
});

describe('fiscal years and the org\'s zone', () => {
  it('buckets close dates by a fiscal year that begins in February', async () => {
    const answer = await analytics.bothEngines(berlin, { metrics: ['bookings.won_amount', 'pipeline.open_amount'], dimensions: ['fiscal_quarter'], totals: true });
    expect(answer.rows.map((row) => [row['fiscal_quarter'], row['fiscal_quarter.label'], row['bookings.won_amount'], row['pipeline.open_amount']])).toEqual([
      ['2025-11-01', 'FY26 Q4', '1.00', '0.00'], ['2026-02-01', 'FY27 Q1', '2.00', '0.00'], ['2026-11-01', 'FY27 Q4', '0.00', '20.00'], ['2027-02-01', 'FY28 Q1', '0.00', '8.00'],
    ]);
    expect(answer.totals).toMatchObject({ 'bookings.won_amount': '3.00', 'pipeline.open_amount': '28.00' });
  });

  it('takes the present fiscal quarter from the clock in the org\'s zone', async () => {
    const query: AnalyticsQueryInput = { metrics: ['pipeline.open_amount'], period: { calendar: 'fiscal', unit: 'quarter', from: 0, to: 0 } };
    analytics.now = new Date('2027-01-31T22:59:00Z');
    const before = await analytics.bothEngines(berlin, query);
    expect([before.rows[0]?.['pipeline.open_amount'], before.explain?.period]).toEqual(['20.00', { label: 'FY27 Q4', from: '2026-11-01', until: '2027-02-01' }]);
    analytics.now = new Date('2027-01-31T23:00:00Z');
    const after = await analytics.bothEngines(berlin, query);
    expect([after.rows[0]?.['pipeline.open_amount'], after.explain?.period?.label]).toEqual(['8.00', 'FY28 Q1']);
    expect(after.coverage.status).toBe('stale');
    analytics.now = new Date('2026-11-23T09:30:00Z');
  });

  it('buckets datetimes by the local day, also where the clocks change', async () => {
    const answer = await analytics.bothEngines(berlin, { metrics: ['pipeline.created_amount'], timeGrain: 'day' });
    expect(bare(answer.rows)).toEqual([
      { time: '2026-01-31', 'pipeline.created_amount': '1.00' }, { time: '2026-02-01', 'pipeline.created_amount': '2.00' },
      { time: '2026-03-29', 'pipeline.created_amount': '12.00' }, { time: '2026-03-30', 'pipeline.created_amount': '16.00' },
    ]);
    const inPeriod = await analytics.bothEngines(berlin, { metrics: ['pipeline.created_amount'], period: { from: '2026-03-29', until: '2026-03-30' } });
    expect(inPeriod.rows[0]?.['pipeline.created_amount']).toBe('12.00');
  });

  it('gives every calendar and fiscal grain its buckets', async () => {
    const first = async (timeGrain: 'week' | 'month' | 'quarter' | 'year' | 'fiscal_month' | 'fiscal_quarter' | 'fiscal_year') => {
      const answer = await analytics.bothEngines(berlin, { metrics: ['bookings.won_count'], timeGrain });
      return answer.rows.map((row) => [row['time'], row['time.label']]);
    };
    expect(await first('week')).toEqual([['2026-01-26', '2026-01-26']]);
    expect(await first('month')).toEqual([['2026-01-01', '2026-01'], ['2026-02-01', '2026-02']]);
    expect(await first('quarter')).toEqual([['2026-01-01', '2026 Q1']]);
    expect(await first('year')).toEqual([['2026-01-01', '2026']]);
    expect(await first('fiscal_month')).toEqual([['2026-01-01', 'FY26 M12'], ['2026-02-01', 'FY27 M01']]);
    expect(await first('fiscal_quarter')).toEqual([['2025-11-01', 'FY26 Q4'], ['2026-02-01', 'FY27 Q1']]);
    expect(await first('fiscal_year')).toEqual([['2025-02-01', 'FY26'], ['2026-02-01', 'FY27']]);
  });

  it('filters by a fiscal quarter on each metric\'s own time field', async () => {
    const answer = await analytics.bothEngines(berlin, { metrics: ['bookings.won_amount', 'pipeline.created_count'], filters: [{ field: 'fiscal_quarter', op: 'in', value: ['FY27 Q1'] }] });
    expect(bare(answer.rows)).toEqual([{ 'bookings.won_amount': '2.00', 'pipeline.created_count': '4' }]);
  });

  it('follows a 4-4-5 year of Period rows, and says so where they do not reach', async () => {
    const warehouse = await analytics.warehouse();
    await anOrg(warehouse, { zone: 'UTC' });
    await warehouse.object('Period', { Type: 'picklist', StartDate: 'date', EndDate: 'date', Number: 'int' });
    await warehouse.write('Period', { Id: '026Y', Type: 'Year', StartDate: '2026-02-02', EndDate: '2027-01-31', Number: null },
      ...[0, 1, 2, 3].map((n) => ({ Id: `026${n}`, Type: 'Quarter', StartDate: addDays('2026-02-02', n * 91), EndDate: addDays('2026-02-02', n * 91 + 90), Number: n + 1 })));
    await warehouse.write('Opportunity', aWonDeal({ CloseDate: '2026-02-01', Amount: '1.00' }), aWonDeal({ CloseDate: '2026-05-03', Amount: '2.00' }), aWonDeal({ CloseDate: '2026-05-04', Amount: '4.00' }));
    const answer = await analytics.bothEngines(warehouse, { metrics: ['bookings.won_amount'], dimensions: ['fiscal_quarter'] });
    expect(answer.rows.map((row) => [row['fiscal_quarter'], row['fiscal_quarter.label'], row['bookings.won_amount']])).toEqual([['2026-02-02', 'FY27 Q1', '2.00'], ['2026-05-04', 'FY27 Q2', '4.00'], [null, null, '1.00']]);
    expect(answer.coverage.notes.map(({ code }) => code)).toContain('fiscal_outside');
    expect(answer.coverage.objects.map(({ object }) => object)).toEqual(['Opportunity', 'Period']);
  });
});
