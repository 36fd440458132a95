import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../control/settings.ts';
import { startSimulator, type Simulator } from '../index.ts';
import { call, query, signIn } from '../testing/person.ts';

let simulator: Simulator;
let token: string;
beforeAll(async () => {
  simulator = await startSimulator({ size: 'small' });
  token = (await signIn(simulator)).access_token;
});
beforeEach(() => {
  Object.assign(simulator.settings, defaultSettings());
});
afterAll(async () => {
  await simulator.stop();
});

interface Page {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly Record<string, unknown>[];
}

const page = async (soql: string, resource?: string): Promise<Page> => (await query(simulator, token, soql, resource)).body as Page;

describe('paging', () => {
  it('goes from page to page by locator and ends without one', async () => {
    simulator.settings.queryPageRows = 20;
    const first = await page('SELECT Id FROM Opportunity ORDER BY Id');
    expect(first).toMatchObject({ totalSize: 50, done: false });
    expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/0r8\w+-20$/);
    const second = (await call(simulator, token, first.nextRecordsUrl ?? '')).body as Page;
    const third = (await call(simulator, token, second.nextRecordsUrl ?? '')).body as Page;
    expect(third.done).toBe(true);
    expect(third).not.toHaveProperty('nextRecordsUrl');
    expect(new Set([first, second, third].flatMap(({ records }) => records.map(({ Id }) => Id))).size).toBe(50);
  });

  it('forgets a cursor after two days and never knew a made-up one', async () => {
    simulator.settings.queryPageRows = 20;
    const { nextRecordsUrl } = await page('SELECT Id FROM Opportunity');
    simulator.settings.cursorLifeMs = 1;
    simulator.clock.advance(1_000);
    for (const path of [nextRecordsUrl ?? '', '/query/0r8nothing-20']) {
      const answer = await call(simulator, token, path);
      expect([answer.status, answer.body]).toEqual([400, [{ message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' }]]);
    }
  });

  it('takes a batch size as a hint', async () => {
    const soql = `/query?q=${encodeURIComponent('SELECT Id FROM OpportunityHistory')}`;
    expect(((await call(simulator, token, soql, { headers: { 'sforce-query-options': 'batchSize=200' } })).body as Page).records.length).toBeLessThanOrEqual(200);
  });
});

describe('values', () => {
  it('gives instants with +0000, nested parents with their type, numbers as numbers', async () => {
    const { records } = await page('SELECT Id, CreatedDate, CloseDate, Amount, Account.Name, Owner.UserRole.Name FROM Opportunity WHERE Amount != null LIMIT 1');
    const record = records[0] ?? {};
    expect(record['CreatedDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
    expect(record['CloseDate']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(typeof record['Amount']).toBe('number');
    expect(record['attributes']).toEqual({ type: 'Opportunity', url: `/services/data/v66.0/sobjects/Opportunity/${String(record['Id'])}` });
    expect(record['Account']).toMatchObject({ attributes: { type: 'Account' }, Name: expect.any(String) });
    expect(record['Owner']).toMatchObject({ attributes: { type: 'User' }, UserRole: { attributes: { type: 'UserRole' } } });
  });

  it('gives null for a missing parent and an object for an address', async () => {
    const id = simulator.org.insert('Account', { Name: 'Alone', BillingCity: 'Oslo', OwnerId: simulator.users[0]?.userId ?? null });
    const { records } = await page(`SELECT Parent.Name, BillingAddress FROM Account WHERE Id = '${id}'`);
    expect(records[0]).toMatchObject({ Parent: null, BillingAddress: { city: 'Oslo', street: null } });
  });

  it('counts without records, deleted rows only in queryAll', async () => {
    const before = await page('SELECT COUNT() FROM Account');
    const id = simulator.org.insert('Account', { Name: 'Gone soon' });
    simulator.org.delete('Account', id);
    expect(await page('SELECT COUNT() FROM Account')).toEqual({ totalSize: before.totalSize, done: true, records: [] });
    const all = await page(`SELECT Id, IsDeleted FROM Account WHERE Id = '${id}'`, 'queryAll');
    expect(all.records[0]).toMatchObject({ IsDeleted: true });
  });

  it('reads a formula from the parent without moving the stamp', async () => {
    const accountId = simulator.org.insert('Account', { Name: 'Grows', Segment__c: 'Small Business' });
    const id = simulator.org.insert('Opportunity', { Name: 'Deal', AccountId: accountId, StageName: 'Prospecting', Probability: null, CloseDate: '2026-12-31', Amount: 10 });
    const stamp = simulator.org.find('Opportunity', id)?.['SystemModstamp'];
    simulator.org.update('Account', accountId, { Segment__c: 'Enterprise' });
    expect((await page(`SELECT Account_Segment__c FROM Opportunity WHERE Id = '${id}'`)).records[0]).toMatchObject({ Account_Segment__c: 'Enterprise' });
    expect(simulator.org.find('Opportunity', id)?.['SystemModstamp']).toBe(stamp);
  });
});

describe('what changes invisibly', () => {
  it('shows a change only when it is committed, with the older stamp', async () => {
    simulator.clock.set(new Date('2026-11-25T12:00:00Z'));
    simulator.settings.commitDelayMs = 60_000;
    const id = simulator.org.insert('Account', { Name: 'Slow' });
    const soql = `SELECT SystemModstamp FROM Account WHERE Id = '${id}'`;
    expect((await page(soql)).totalSize).toBe(0);
    simulator.clock.advance(61_000);
    expect((await page(soql)).records[0]).toMatchObject({ SystemModstamp: '2026-11-25T12:00:00.000+0000' });
    simulator.clock.run();
  });

  it('hides fields, objects and records without a word', async () => {
    simulator.settings.hiddenFields = [{ object: 'Opportunity', field: 'Amount', username: simulator.users[0]?.username ?? '' }];
    const answer = await query(simulator, token, 'SELECT Id, Amount FROM Opportunity');
    expect(answer.text).toContain("No such column 'Amount' on entity 'Opportunity'");
    const describe = (await call(simulator, token, '/sobjects/Opportunity/describe')).body as { fields: { name: string }[] };
    expect(describe.fields.map(({ name }) => name)).not.toContain('Amount');
    simulator.settings.hiddenObjects = [{ object: 'Case' }];
    expect((await query(simulator, token, 'SELECT Id FROM Case')).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
    const id = String(simulator.org.rows('Account')[0]?.['Id']);
    simulator.settings.hiddenRecords = [id];
    expect((await page(`SELECT Id FROM Account WHERE Id = '${id}'`, 'queryAll')).totalSize).toBe(0);
  });
});

describe('refusals', () => {
  it.each([
    ['SELECT Foo__c FROM Account', 'INVALID_FIELD', "\nSELECT Foo__c FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo__c' on entity 'Account'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."],
    ['SELECT Id FROM Accout', 'INVALID_TYPE', "\nSELECT Id FROM Accout\n               ^\nERROR at Row:1:Column:16\nsObject type 'Accout' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."],
    ['SELECT Id FRM Account', 'MALFORMED_QUERY', "\nSELECT Id FRM Account\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FRM'"],
    ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
  ])('%s', async (soql, errorCode, message) => {
    const answer = await query(simulator, token, soql);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual([{ message, errorCode }]);
  });

  it('answers each kind of trouble as the data API does', async () => {
    const refused = async (path = '/limits', accessToken = token): Promise<unknown[]> => {
      const { status, body } = await call(simulator, accessToken, path);
      return [status, body];
    };
    expect(await refused('/limits', 'nonsense')).toEqual([401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]]);
    expect(await refused('/nothing')).toEqual([404, [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }]]);
    expect((await refused('/services/data/v20.0/limits'))[0]).toBe(410);
    simulator.settings.sessionRefused = true;
    expect(await refused()).toEqual([401, [{ message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' }]]);
    simulator.settings.sessionRefused = false;
    simulator.settings.apiEnabled = false;
    expect(await refused()).toEqual([403, [{ message: 'The REST API is not enabled for this Organization.', errorCode: 'API_DISABLED_FOR_ORG' }]]);
    simulator.settings.apiEnabled = true;
    simulator.settings.apiRequestsUsed = simulator.settings.dailyApiRequests;
    expect(await refused()).toEqual([403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]]);
    simulator.settings.apiRequestsUsed = 0;
    simulator.settings.maintenance = 'html';
    expect(await refused()).toEqual([503, expect.stringContaining('We are down for maintenance')]);
  });

  it('counts calls in Sforce-Limit-Info and carries the headers of the edge', async () => {
    const used = async (): Promise<number> => Number(/^api-usage=(\d+)\/1000000$/.exec((await call(simulator, token, '/limits')).headers.get('sforce-limit-info') ?? '')?.[1]);
    const first = await used();
    expect(await used()).toBe(first + 1);
    const { headers } = await call(simulator, token, '/sobjects');
    expect(headers.get('x-sfdc-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(new Date(headers.get('date') ?? '').getTime()).toBeGreaterThan(0);
    expect(headers.get('content-type')).toBe('application/json;charset=UTF-8');
  });

  it('refuses a text beyond 100,000 characters, and an address beyond 16,384 bytes before that', async () => {
    const answer = await call(simulator, token, `/query?q=${'x'.repeat(17_000)}`);
    expect(answer.status).toBe(414);
    const composite = await call(simulator, token, '/composite/batch', { method: 'POST', body: JSON.stringify({ batchRequests: [{ method: 'GET', url: `v66.0/query?q=${'x'.repeat(100_001)}` }] }) });
    expect(composite.text).toContain('SOQL statements can not be longer than 100000 characters');
  });
});
