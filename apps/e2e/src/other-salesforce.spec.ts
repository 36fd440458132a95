import { startProduct, type Product } from '@tributary/launcher';
import { until } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from './harness/api-client.ts';
import { aDataFolder } from './harness/data-folder.ts';
import { sql } from './harness/database.ts';
import { OtherSalesforce } from './harness/other-salesforce.ts';

/** Another server that behaves like Salesforce, known to the product only by the published variables. */
describe('a Salesforce that is not the simulator', { timeout: 90_000 }, () => {
  let salesforce: OtherSalesforce;
  let folder: Awaited<ReturnType<typeof aDataFolder>>;
  let product: Product;
  let client: ApiClient;
  let connectionId = '';
  let schema = '';

  const table = (object: string): Promise<Record<string, unknown>[]> => sql(product.postgresUrl, `select * from ${schema}.${object.toLowerCase()}`);
  const open = () => salesforce.rows('Opportunity').filter(({ IsClosed, IsDeleted }) => IsClosed === false && IsDeleted === false);

  async function finishedRun(): Promise<{ status: string; reasons: unknown[] }> {
    return until('the run ended', async () => {
      const { sync } = await client.read<{ sync: { openRun: unknown; lastRun: { status: string; reasons: unknown[] } | null } | null }>(`/api/connections/${connectionId}`);
      return sync?.openRun === null && sync.lastRun !== null && sync.lastRun.status !== 'running' ? sync.lastRun : undefined;
    }, 60_000);
  }

  beforeAll(async () => {
    salesforce = await new OtherSalesforce().start();
    folder = await aDataFolder();
    product = await startProduct({
      dataDir: folder.path,
      env: {
        NODE_ENV: 'development', SALESFORCE_CLIENT_ID: salesforce.client.id, SALESFORCE_CLIENT_SECRET: salesforce.client.secret, SALESFORCE_LOGIN_URL: salesforce.origin, SALESFORCE_EXTRA_ORIGINS: salesforce.origin, TRIBUTARY_SYNC_INTERVAL_SECONDS: '5',
      },
    });
    client = new ApiClient(product.url);
  }, 240_000);

  afterAll(async () => {
    await product?.stop();
    salesforce?.stop();
    await folder?.remove();
  });

  it('is connected to by consent, without the simulator being started', async () => {
    expect(product.simulatorOrigin).toBeUndefined();
    const redirect = await fetch(await client.startConsent(), { redirect: 'manual' });
    const callback = new URL(redirect.headers.get('location') ?? '');
    const { headers } = await client.get(callback.pathname + callback.search);
    expect(headers.get('location')).toBe('/');
    const { connections: [connection] } = await client.read<{ connections: { id: string; state: string; user: { name: string } }[] }>('/api/connections');
    expect(connection).toMatchObject({ state: 'active', user: { name: 'Zoë Ångström' } });
    connectionId = connection?.id ?? '';
  });

  it('is copied completely, without the objects it does not have', async () => {
    expect(await finishedRun()).toMatchObject({ status: 'complete', reasons: [] });
    schema = (await client.read<{ warehouseSchema: string }>(`/api/connections/${connectionId}`)).warehouseSchema;
    const deals = await table('Opportunity');
    expect(deals).toHaveLength(salesforce.rows('Opportunity').length);
    expect(deals.filter(({ _deleted }) => _deleted === true)).toHaveLength(1);
    expect((await table('User')).map(({ name }) => name).toSorted()).toEqual(salesforce.rows('User').map(({ Name }) => Name).toSorted());
  });

  it('keeps every value as it was, whatever its type', async () => {
    const copied = new Map((await table('Opportunity')).map((row) => [row['id'], row]));
    for (const source of salesforce.rows('Opportunity')) {
      const row = copied.get(source['Id']);
      expect(row).toMatchObject({ name: source['Name'], stagename: source['StageName'], tags__c: 'rot;grün', story__c: source['Story__c'], serial__c: '9007199254740991', isclosed: source['IsClosed'], order: String(source['Order']) });
      expect(Number(row?.['score__c'])).toBe(0.123456);
      expect(row?.['amount'] === null ? null : Number(row?.['amount'])).toBe(source['Amount']);
      expect(row).not.toHaveProperty('blob__c');
    }
  });

  it('gives figures that equal its data', async () => {
    const { rows } = await client.query(connectionId, { metrics: ['pipeline.open_amount', 'pipeline.open_count'] });
    expect(Number(rows[0]?.['pipeline.open_count'])).toBe(open().length);
    expect(Number(rows[0]?.['pipeline.open_amount'])).toBeCloseTo(open().reduce((sum, { Amount }) => sum + Number(Amount ?? 0), 0), 2);
    const byOwner = await client.query(connectionId, { metrics: ['pipeline.open_count'], dimensions: ['owner'] });
    expect(byOwner.rows).toHaveLength(3);
    const fiscal = await client.query(connectionId, { metrics: ['bookings.won_amount'], timeGrain: 'fiscal_quarter' });
    expect(fiscal.rows.length).toBeGreaterThan(0);
  });

  it('is read again after its session has ended, with the changes made meanwhile', async () => {
    salesforce.expireTokens();
    const deals = salesforce.rows('Opportunity');
    const index = deals.findIndex(({ IsClosed, IsDeleted }) => IsClosed === false && IsDeleted === false);
    const now = new Date(Date.now() + 1_000).toISOString().replace(/\.\d+Z$/, '.000Z');
    const changed = { ...deals[index], Amount: 987_654.32, SystemModstamp: now, LastModifiedDate: now };
    deals.splice(index, 1, changed);
    await until('the change is there', async () => (await sql(product.postgresUrl, `select 1 from ${schema}.opportunity where id = $1 and amount = 987654.32`, [changed['Id' as keyof typeof changed]])).length === 1, 60_000);
  });

  it('has its custom object copied when it is chosen', async () => {
    const { status, text } = await client.ask('PUT', `/api/connections/${connectionId}/selection`, { objects: [{ name: 'Opportunity' }, { name: 'OpportunityStage' }, { name: 'User' }, { name: 'Review__c' }] });
    expect([status, status === 200 ? '' : text]).toEqual([200, '']);
    await until('the custom object', async () => (await table('Review__c')).length === 12, 60_000);
  });
});
