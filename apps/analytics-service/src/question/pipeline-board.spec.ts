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
    anOpportunity({ StageName: 'Qualification', Amount: '100.10', Probability: '10', ForecastCategory: 'Pipeline' }),
    anOpportunity({ StageName: 'Qualification', Amount: '200.20', Probability: '25', ForecastCategory: 'MostLikely', OwnerId: '005B' }),
    anOpportunity({ StageName: 'Proposal', Amount: '0.05', Probability: '50', ForecastCategory: 'BestCase' }),
    anOpportunity({ StageName: 'Proposal', Amount: null, Probability: '50', ForecastCategory: 'Forecast' }),
    anOpportunity({ StageName: 'Negotiation', Amount: '999.99', Probability: '0', ForecastCategory: 'Omitted' }),
    anOpportunity({ StageName: 'Negotiation', Amount: '500.00', Probability: '90', ForecastCategory: null, CloseDate: '2026-11-22' }),
    anOpportunity({ StageName: 'Proposal', Amount: '7777.77', _deleted: true }),
    anOpportunity({ StageName: 'Proposal', Amount: '8888.88', IsDeleted: true }),
    aWonDeal({ Amount: '300.00' }), aLostDeal({ Amount: '40.00' }));
});

afterAll(async () => {
  await analytics.stop();
});

describe('open, overdue and weighted pipeline', () => {
  it('counts MostLikely and empty categories, and leaves out Omitted, closed and deleted deals', async () => {
    const answer = await analytics.bothEngines(warehouse, { metrics: ['pipeline.open_amount', 'pipeline.open_count', 'pipeline.overdue_amount', 'pipeline.overdue_count', 'pipeline.weighted_amount'], dimensions: ['stage'], totals: true });
    // weighted: Qualification 100.10 × 10 % + 200.20 × 25 % = 10.01 + 50.05 = 60.06; Proposal 0.05 × 50 % = 0.025, half away from zero 0.03;
    // Negotiation 999.99 × 0 % + 500.00 × 90 % = 450.00 (weighted keeps Omitted); total 60.06 + 0.025 + 450 = 510.085 = 510.09
    expect(bare(answer.rows)).toEqual([
      { stage: 'Qualification', 'pipeline.open_amount': '300.30', 'pipeline.open_count': '2', 'pipeline.overdue_amount': '0.00', 'pipeline.overdue_count': '0', 'pipeline.weighted_amount': '60.06' },
      { stage: 'Proposal', 'pipeline.open_amount': '0.05', 'pipeline.open_count': '2', 'pipeline.overdue_amount': '0.00', 'pipeline.overdue_count': '0', 'pipeline.weighted_amount': '0.03' },
      { stage: 'Negotiation', 'pipeline.open_amount': '500.00', 'pipeline.open_count': '1', 'pipeline.overdue_amount': '500.00', 'pipeline.overdue_count': '1', 'pipeline.weighted_amount': '450.00' },
    ]);
    expect(bare([answer.totals ?? {}])).toEqual([{ 'pipeline.open_amount': '800.35', 'pipeline.open_count': '5', 'pipeline.overdue_amount': '500.00', 'pipeline.overdue_count': '1', 'pipeline.weighted_amount': '510.09' }]);
    expect(answer.coverage.notes).toEqual([{ code: 'amount_missing', text: expect.any(String) as string, n: '1' }]);
    expect(answer.coverage.status).toBe('complete');
    expect(answer.columns[1]).toEqual({ key: 'pipeline.open_amount', label: 'Open pipeline', kind: 'metric', type: 'decimal', unit: 'money', scale: 2, additive: true, currency: 'EUR' });
  });
});
