import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bare, TestedAnalytics } from '../spec/analytics.harness.ts';
import { aLostDeal, anOpportunity, anOrg, aWonDeal } from '../spec/org.harness.ts';
import type { HandMadeWarehouse } from '../spec/warehouse.harness.ts';

let analytics: TestedAnalytics;
let warehouse: HandMadeWarehouse;

beforeAll(async () => {
  analytics = await TestedAnalytics.start();
  warehouse = await analytics.warehouse();
  await anOrg(warehouse);
  await warehouse.write('Opportunity',
    // Anna: three wins and no loss
    aWonDeal({ OwnerId: '005A', Amount: '2.02', CreatedDate: '2026-11-01T10:00:00Z', CloseDate: '2026-11-11' }),
    aWonDeal({ OwnerId: '005A', Amount: '3.05', CreatedDate: '2026-10-11T22:30:00Z', CloseDate: '2026-11-11' }),
    aWonDeal({ OwnerId: '005A', Amount: null, CreatedDate: '2026-11-10T10:00:00Z', CloseDate: '2026-11-11' }),
    // Ben: nothing closed in the period
    anOpportunity({ OwnerId: '005B', CloseDate: '2026-11-20' }),
    // Çelik: one win, two losses, one of them without a positive amount
    aWonDeal({ OwnerId: '005C', Amount: '100.00', CreatedDate: '2026-09-01T00:00:00Z', CloseDate: '2026-11-05' }),
    aLostDeal({ OwnerId: '005C', Amount: '200.00', CloseDate: '2026-11-06' }), aLostDeal({ OwnerId: '005C', Amount: '0.00', CloseDate: '2026-11-07' }),
    // outside the period
    aWonDeal({ OwnerId: '005B', CloseDate: '2026-10-31' }), aLostDeal({ OwnerId: '005A', CloseDate: '2026-12-01' }));
});

afterAll(async () => {
  await analytics.stop();
});

const november = { from: '2026-11-01', until: '2026-12-01' };

describe('outcomes by owner', () => {
  it('is 1 for an owner with wins and no losses, and null for one with nothing closed', async () => {
    const answer = await analytics.bothEngines(warehouse, { metrics: ['win_rate.by_count', 'win_rate.by_amount'], dimensions: ['owner'], period: november, totals: true });
    expect(answer.rows.map((row) => row['owner.label'])).toEqual(['Anna', 'Ben (inactive)', 'Çelik']);
    expect(bare(answer.rows)).toEqual([
      { owner: '005A', 'win_rate.by_count': '1.000000', 'win_rate.by_count.n': '3', 'win_rate.by_count.d': '3', 'win_rate.by_amount': '1.000000', 'win_rate.by_amount.n': '5.07', 'win_rate.by_amount.d': '5.07' },
      { owner: '005B', 'win_rate.by_count': null, 'win_rate.by_count.n': '0', 'win_rate.by_count.d': '0', 'win_rate.by_amount': null, 'win_rate.by_amount.n': '0.00', 'win_rate.by_amount.d': '0.00', _why: { 'win_rate.by_count': 'denominator_zero', 'win_rate.by_amount': 'denominator_zero' } },
      // 1 of 3; 100 of 300
      { owner: '005C', 'win_rate.by_count': '0.333333', 'win_rate.by_count.n': '1', 'win_rate.by_count.d': '3', 'win_rate.by_amount': '0.333333', 'win_rate.by_amount.n': '100.00', 'win_rate.by_amount.d': '300.00' },
    ]);
    // 4 of 6 deals; 105.07 of 305.07 = 0.34441275… : totals are divided anew, not averaged
    expect(answer.totals).toMatchObject({ 'win_rate.by_count': '0.666667', 'win_rate.by_amount': '0.344413', 'win_rate.by_amount.n': '105.07', 'win_rate.by_amount.d': '305.07' });
    expect(answer.coverage.notes.map(({ code, n }) => [code, n])).toEqual([['amount_missing', '1'], ['amount_not_positive', '1']]);
    expect(answer.columns[1]).toMatchObject({ key: 'win_rate.by_count', unit: 'ratio', scale: 6, additive: false, numeratorKey: 'win_rate.by_count.n', denominatorKey: 'win_rate.by_count.d' });
  });

  it('gives mean and median of won deals, and the median days of the sales cycle', async () => {
    const answer = await analytics.bothEngines(warehouse, { metrics: ['bookings.won_amount', 'bookings.won_count', 'deal_size.mean', 'deal_size.median', 'cycle.won_days_median'], dimensions: ['owner'], period: november, totals: true });
    expect(bare(answer.rows)).toEqual([
      // mean (2.02 + 3.05) ÷ 2 = 2.535 and the median of two the same: half away from zero 2.54. Days: Nov 1 → 11 = 10; Oct 11 22:30 UTC is Oct 12 in Berlin → 30; Nov 10 → 1; median 10
      { owner: '005A', 'bookings.won_amount': '5.07', 'bookings.won_count': '3', 'deal_size.mean': '2.54', 'deal_size.mean.n': '5.07', 'deal_size.mean.d': '2', 'deal_size.median': '2.54', 'deal_size.median.n': '2', 'cycle.won_days_median': '10.0', 'cycle.won_days_median.n': '3' },
      { owner: '005C', 'bookings.won_amount': '100.00', 'bookings.won_count': '1', 'deal_size.mean': '100.00', 'deal_size.mean.n': '100.00', 'deal_size.mean.d': '1', 'deal_size.median': '100.00', 'deal_size.median.n': '1', 'cycle.won_days_median': '65.0', 'cycle.won_days_median.n': '1' },
    ]);
    // amounts 2.02, 3.05, 100: mean 105.07 ÷ 3 = 35.0233…; median 3.05. Days 1, 10, 30, 65: (10 + 30) ÷ 2 = 20
    expect(answer.totals).toMatchObject({ 'bookings.won_amount': '105.07', 'deal_size.mean': '35.02', 'deal_size.median': '3.05', 'cycle.won_days_median': '20.0' });
  });

  it('orders by a rate exactly, with groups without a rate at the end', async () => {
    const answer = await analytics.bothEngines(warehouse, { metrics: ['win_rate.by_count'], dimensions: ['owner'], period: november, orderBy: [{ by: 'win_rate.by_count', dir: 'asc' }], limit: 2 });
    expect(answer.rows.map(({ owner }) => owner)).toEqual(['005C', '005A']);
    expect(answer.truncated).toBe(true);
  });

  it('counts created pipeline in all states by the day of creation, beside bookings by close date, on one axis', async () => {
    const answer = await analytics.bothEngines(warehouse, { metrics: ['pipeline.created_count', 'pipeline.created_amount', 'bookings.won_count'], timeGrain: 'month', period: { from: '2026-09-01', until: '2026-12-01' }, totals: true });
    // Created: Sep 1 (UTC midnight is Sep 1 in Berlin), Oct 15 × 5 and Oct 12, Nov 1, Nov 10. Won by close date: Oct 31, Nov × 4.
    expect(bare(answer.rows)).toEqual([
      { time: '2026-09-01', 'pipeline.created_count': '1', 'pipeline.created_amount': '100.00', 'bookings.won_count': '0' },
      { time: '2026-10-01', 'pipeline.created_count': '6', 'pipeline.created_amount': '3203.05', 'bookings.won_count': '1' },
      { time: '2026-11-01', 'pipeline.created_count': '2', 'pipeline.created_amount': '2.02', 'bookings.won_count': '4' },
    ]);
    expect(answer.totals).toMatchObject({ 'pipeline.created_count': '9', 'bookings.won_count': '5' });
  });

  it('tells the same count as SOQL', async () => {
    const answer = await analytics.query(warehouse, { metrics: ['win_rate.by_count', 'pipeline.created_count', 'pipeline.weighted_amount'], period: november, filters: [{ field: 'owner.Department', op: 'eq', value: "Ea'st" }, { not: { field: 'type', op: 'in', value: ['A', 'B'] } }] });
    const rest = "Owner.Department = 'Ea\\'st' AND (NOT Type IN ('A', 'B'))";
    expect(answer.explain?.soql).toEqual([
      `SELECT COUNT() FROM Opportunity WHERE IsWon = true AND CloseDate >= 2026-11-01 AND CloseDate < 2026-12-01 AND ${rest}`,
      `SELECT COUNT() FROM Opportunity WHERE IsClosed = true AND CloseDate >= 2026-11-01 AND CloseDate < 2026-12-01 AND ${rest}`,
      `SELECT COUNT() FROM Opportunity WHERE CreatedDate >= 2026-10-31T23:00:00Z AND CreatedDate < 2026-11-30T23:00:00Z AND ${rest}`,
      `SELECT SUM(ExpectedRevenue) FROM Opportunity WHERE IsClosed = false AND CloseDate >= 2026-11-01 AND CloseDate < 2026-12-01 AND ${rest}`,
    ]);
  });
});
