import type { AnalyticsQueryInput } from '@tributary/api-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bare, TestedAnalytics } from '../spec/analytics.harness.ts';
import { anOpportunity, anOrg, opportunityFields } from '../spec/org.harness.ts';
import type { HandMadeWarehouse } from '../spec/warehouse.harness.ts';

let analytics: TestedAnalytics;
let poor: HandMadeWarehouse;

beforeAll(async () => {
  analytics = await TestedAnalytics.start();
  poor = await analytics.warehouse();
  await poor.object('Opportunity', { StageName: 'picklist', IsClosed: 'boolean', IsWon: 'boolean', CloseDate: 'date', CreatedDate: 'datetime', OwnerId: 'reference' }, { status: 'partial' });
  await poor.write('Opportunity',
    { Id: '006A', StageName: 'Offen', IsClosed: false, IsWon: false, CloseDate: '2026-12-01', CreatedDate: '2026-11-01T23:30:00Z', OwnerId: '005A' },
    { Id: '006B', StageName: 'Gewonnen', IsClosed: true, IsWon: true, CloseDate: '2026-11-01', CreatedDate: '2026-11-01T23:30:00Z', OwnerId: null });
});

afterAll(async () => {
  await analytics.stop();
});

async function failure(query: AnalyticsQueryInput, warehouse = poor): Promise<unknown> {
  return analytics.query(warehouse, query).then(() => 'answered', (error: unknown) => error);
}

describe('an org that lacks objects and fields', () => {
  it('answers what it can, state from the checkboxes, and notes what is left out', async () => {
    const answer = await analytics.bothEngines(poor, { metrics: ['pipeline.open_count', 'bookings.won_count', 'win_rate.by_count', 'cycle.won_days_median', 'pipeline.created_count'], dimensions: ['owner', 'stage'], timeGrain: 'fiscal_quarter' });
    expect(bare(answer.rows).map((row) => Object.values(row as object).slice(0, 5))).toEqual([['2026-10-01', '005A', 'Offen', '1', '0'], ['2026-10-01', null, 'Gewonnen', '0', '1']]);
    expect(answer.coverage.notes.map(({ code }) => code)).toEqual(['field_missing', 'stage_order_missing', 'owner_names_missing', 'fiscal_calendar_unknown', 'zone_unknown']);
    expect(answer.coverage).toMatchObject({ status: 'partial', objects: [{ object: 'Opportunity', status: 'partial', rows: '2', reason: 'Some rows could not be copied.' }] });
  });

  it('names the field or object that is missing', async () => {
    expect(await failure({ metrics: ['pipeline.open_amount'] })).toMatchObject({ code: 'query.unknown_field', kind: 'invalid-input', details: { object: 'Opportunity', field: 'Amount' } });
    expect(await failure({ metrics: ['pipeline.open_count'], dimensions: ['lead_source'] })).toMatchObject({ code: 'query.unknown_field', details: { field: 'LeadSource' } });
    expect(await failure({ metrics: ['pipeline.open_count'], dimensions: ['account.Industry'] })).toMatchObject({ code: 'OBJECT_NOT_COPIED', kind: 'not-found', details: { object: 'Account' } });
    expect(await failure({ metrics: ['pipeline.open_count'], filters: [{ field: 'opportunity.Nope__c', op: 'eq', value: 'x' }] })).toMatchObject({ code: 'query.unknown_field', details: { field: 'Nope__c' } });
    const withoutDeals = await analytics.warehouse();
    await withoutDeals.object('User', { Name: 'string' });
    expect(await failure({ metrics: ['pipeline.open_count'] }, withoutDeals)).toMatchObject({ code: 'OBJECT_NOT_COPIED', details: { object: 'Opportunity' } });
  });

  it('is not ready before the first rows are there', async () => {
    const empty = await analytics.warehouse();
    expect(await failure({ metrics: ['pipeline.open_count'] }, empty)).toMatchObject({ code: 'dataset.not_ready', kind: 'conflict' });
    await empty.object('Opportunity', opportunityFields, { status: 'loading' });
    expect(await failure({ metrics: ['pipeline.open_count'] }, empty)).toMatchObject({ code: 'dataset.not_ready' });
    await empty.write('Opportunity', anOpportunity());
    expect((await analytics.query(empty, { metrics: ['pipeline.open_count'] })).coverage.status).toBe('loading');
    await empty.sql(`update ${empty.schema}.sync_object set status = 'complete', version = 7, loaded_at = now()`);
    await empty.sql(`delete from ${empty.schema}.opportunity`);
    const zero = await analytics.bothEngines(empty, { metrics: ['pipeline.open_amount', 'deal_size.median', 'win_rate.by_count'] });
    expect(bare(zero.rows)).toEqual([{ 'pipeline.open_amount': '0.00', 'deal_size.median': null, 'deal_size.median.n': '0', 'win_rate.by_count': null, 'win_rate.by_count.n': '0', 'win_rate.by_count.d': '0', _why: { 'deal_size.median': 'no_rows', 'win_rate.by_count': 'denominator_zero' } }]);
  });
});

describe('questions that are refused', () => {
  it('names what is wrong and what would be right', async () => {
    expect(await failure({ metrics: ['pipeline.nope'] })).toMatchObject({ code: 'query.unknown_metric', details: { metric: 'pipeline.nope' } });
    expect(await failure({ metrics: ['pipeline.open_count'], dimensions: ['campaign'] })).toMatchObject({ code: 'query.incompatible_dimension', details: { allowed: expect.arrayContaining(['stage', 'owner', 'fiscal_quarter', 'account.<field>']) as unknown } });
    expect(await failure({ metrics: ['pipeline.open_count'], dimensions: ['constructor'] })).toMatchObject({ code: 'query.incompatible_dimension' });
    expect(await failure({ metrics: ['pipeline.open_count'], dimensions: ['account.owner.Name'] })).toMatchObject({ code: 'query.incompatible_dimension' });
    expect(await failure({ metrics: ['pipeline.open_count'], asOf: '2026-01-01' })).toMatchObject({ code: 'query.history_missing' });
    expect(await failure({ metrics: ['pipeline.open_count'], orderBy: [{ by: 'amount' }] })).toMatchObject({ code: 'query.unknown_order' });
    expect(await failure({ metrics: ['pipeline.open_count'], filters: [{ field: 'opportunity.CloseDate', op: 'gt', value: 'soon' }] })).toMatchObject({ code: 'query.value_invalid' });
    expect(await failure({ metrics: ['pipeline.open_count'], filters: [{ field: 'fiscal_quarter', op: 'eq', value: 'Q9' }] })).toMatchObject({ code: 'query.value_invalid' });
  });

  it('adds no currencies, but shows each of them', async () => {
    const several = await analytics.warehouse();
    await anOrg(several);
    await several.addField('Opportunity', 'CurrencyIsoCode', 'picklist');
    await several.write('Opportunity', anOpportunity({ Amount: '1.00', CurrencyIsoCode: 'EUR', OwnerId: '005A' }), anOpportunity({ Amount: '2.00', CurrencyIsoCode: 'USD', OwnerId: '005B' }));
    expect(await failure({ metrics: ['pipeline.open_amount'], dimensions: ['owner'] }, several)).toMatchObject({ code: 'query.mixed_currency', details: { currencies: ['EUR', 'USD'] } });
    const grouped = await analytics.bothEngines(several, { metrics: ['pipeline.open_amount', 'pipeline.open_count'], dimensions: ['currency'], totals: true });
    expect(bare(grouped.rows)).toEqual([{ currency: 'EUR', 'pipeline.open_amount': '1.00', 'pipeline.open_count': '1' }, { currency: 'USD', 'pipeline.open_amount': '2.00', 'pipeline.open_count': '1' }]);
    expect(grouped.totals).toMatchObject({ 'pipeline.open_amount': null, 'pipeline.open_count': '2', _why: { 'pipeline.open_amount': 'mixed_currency' } });
    const filtered = await analytics.bothEngines(several, { metrics: ['pipeline.open_amount'], filters: [{ field: 'currency', op: 'eq', value: 'USD' }] });
    expect([filtered.rows[0]?.['pipeline.open_amount'], filtered.columns[0]?.currency]).toEqual(['2.00', 'USD']);
    expect(await failure({ metrics: ['pipeline.open_count'] }, several)).toBe('answered');
  });
});

describe('hostile identifiers and values', () => {
  it('binds every value, and finds identifiers only in the catalogue', async () => {
    const org = await analytics.warehouse();
    await anOrg(org);
    const nasty = `x'); DROP TABLE opportunity; --"$1`;
    await org.addField('Opportunity', 'We"ird Field', 'string');
    await org.write('Opportunity', anOpportunity({ Type: nasty, 'We"ird Field': nasty }), anOpportunity({ Type: "O'Brien" }));
    const answer = await analytics.bothEngines(org, { metrics: ['pipeline.open_count'], dimensions: ['type', 'opportunity.We"ird Field'], filters: [{ field: 'type', op: 'in', value: [nasty, "' OR 1=1 --"] }] });
    expect(bare(answer.rows)).toEqual([{ type: nasty, 'opportunity.We"ird Field': nasty, 'pipeline.open_count': '1' }]);
    for (const key of ['opportunity.Type" FROM opportunity; --', "opportunity.Type'", 'opportunity._version', 'opportunity."Type"', 'user.Name', 'pg_catalog.pg_user']) {
      expect(await failure({ metrics: ['pipeline.open_count'], dimensions: [key] }, org)).toMatchObject({ kind: 'invalid-input' });
      expect(await failure({ metrics: ['pipeline.open_count'], filters: [{ field: key, op: 'not_null' }] }, org)).toMatchObject({ kind: 'invalid-input' });
    }
    expect(await failure({ metrics: ['pipeline.open_count'], filters: [{ field: 'type', op: 'eq', value: 'a\0b' }] }, org)).toMatchObject({ code: 'query.value_invalid' });
    expect((await analytics.bothEngines(org, { metrics: ['pipeline.open_count'] })).rows[0]?.['pipeline.open_count']).toBe('2');
  });
});
