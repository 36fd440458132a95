import { probeOrg, type DoctorFacts } from '@tributary/api-contracts';
import { ConsentRequired } from '@tributary/failures';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { salesAndService } from '../selection/preset.ts';
import { connectionId, IngestHarness, workspaceId } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
const look = (): Promise<DoctorFacts> => ingest.ask(probeOrg, { connectionId });

function seen<T>(part: { looked: true; seen: T } | { looked: false; because: { code: string } }): T {
  if (!part.looked) throw new Error(part.because.code);
  return part.seen;
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService();
});

afterEach(() => {
  Object.assign(ingest.simulator.settings, { hiddenFields: [], hiddenObjects: [], apiEnabled: true, dailyApiRequests: 1_000_000, bulkJobsPerDay: 10_000, newestApiVersion: 66 });
  ingest.simulator.faults.clear();
  ingest.auth.refusal = undefined;
});

afterAll(async () => {
  await ingest?.stop();
});

it('tells limits, objects, org, versions and that exports may be made, and leaves no job behind', async () => {
  ingest.simulator.log.clear();
  const facts = await look();
  expect(seen(facts.access)).toMatchObject({ epoch: 1, instanceUrl: ingest.simulator.orgOrigin });
  expect(seen(facts.versions)).toMatchObject({ used: '66.0' });
  expect(seen(facts.limits)).toMatchObject({ dailyApiRequests: { max: 1_000_000 }, reserveFrom: 800_000, bulkQueryJobs: { max: 10_000 } });
  expect(seen(facts.objects).objects.map(({ name, visible, hiddenKeyFields }) => [name, visible, hiddenKeyFields])).toEqual([['Opportunity', true, []], ['OpportunityStage', true, []], ['Account', true, []], ['User', true, []]]);
  expect(seen(facts.organization)).toMatchObject({ timeZone: expect.any(String), fiscalYearStartMonth: expect.any(Number) });
  const tried = seen(facts.bulk).objects;
  expect([tried.map(({ name }) => name), tried.every(({ refused }) => refused === null)]).toEqual([salesAndService.filter((name) => !seen(facts.objects).missing.includes(name)), true]);
  const calls = ingest.simulator.log.entries();
  const jobs = calls.filter(({ path }) => path.includes('/jobs/query'));
  expect(jobs.filter(({ method }) => method === 'DELETE')).toHaveLength(tried.length);
  expect([calls.length - jobs.length < 20, calls.some(({ path }) => path.includes('oauth2'))]).toEqual([true, false]);
});

it('tries an export of each chosen object, and names the one Salesforce does not export', async () => {
  const selection = { objects: [{ name: 'Case', fields: null }, { name: 'CaseStatus', fields: null }] };
  await ingest.database.query("insert into ingest.connection (id, workspace_id, warehouse_schema, selection) values ($1, $3, 'c_probed', $2::jsonb)", [connectionId, JSON.stringify(selection), workspaceId]);
  expect(seen((await look()).bulk)).toEqual({ objects: [{ name: 'Case', refused: null }, { name: 'CaseStatus', refused: { code: 'INVALIDENTITY', text: expect.stringContaining('CaseStatus') } }] });
  await ingest.database.query('delete from ingest.connection where id = $1', [connectionId]);
});

const trials = /POST .*\/jobs\/query$/;
/** Exports of other work, of the same org. */
async function exportsAtWork(count: number): Promise<void> {
  await ingest.rows(`delete from ingest.call_slot where kind = 'export'`);
  await ingest.rows(`insert into ingest.call_slot (org, kind, slot, holder, until) select $1, 'export', slot, 'other ' || slot, now() + interval '10 min' from generate_series(1, $2::int) slot`, [new URL(ingest.simulator.orgOrigin).host, count]);
}

it('tries exports in what the org has left of the few it makes at a time, and gives it back', async () => {
  await exportsAtWork(9);
  ingest.simulator.faults.add({ match: { path: /\/jobs\/query/ }, answer: { delayMs: 20 } });
  ingest.simulator.log.clear();
  expect(seen((await look()).bulk).objects.every(({ refused }) => refused === null)).toBe(true);
  expect(ingest.simulator.log.mostAtOnce(/\/jobs\/query/)).toBe(1);
  expect(await ingest.rows(`select from ingest.call_slot where kind = 'export'`)).toHaveLength(9);
});

it('says that exports could not be tried while the org makes as many as it takes', async () => {
  await exportsAtWork(10);
  ingest.simulator.log.clear();
  const { bulk, limits } = await look();
  expect([bulk, limits.looked]).toEqual([{ looked: false, because: { code: 'EXPORTS_AT_WORK', text: 'exports could not be tried now, because 10 exports of this org are at work.' } }, true]);
  expect(ingest.simulator.log.mostAtOnce(trials)).toBe(0);
  await exportsAtWork(0);
});

it('names hidden fields and objects', async () => {
  ingest.simulator.settings.hiddenFields.push({ object: 'Opportunity', field: 'Amount' }, { object: 'Opportunity', field: 'CloseDate' });
  ingest.simulator.settings.hiddenObjects.push({ object: 'Account' });
  const { objects, missing } = seen((await look()).objects);
  expect(objects.find(({ name }) => name === 'Opportunity')).toMatchObject({ visible: true, hiddenKeyFields: ['Amount', 'CloseDate'], keyFields: 7 });
  expect([objects.find(({ name }) => name === 'Account')?.visible, missing.includes('Account')]).toEqual([false, true]);
});

it.each<[string, () => void, (facts: DoctorFacts) => unknown, unknown]>([
  ['disabled API', () => (ingest.simulator.settings.apiEnabled = false), ({ access, limits }) => [access, limits].find(({ looked }) => !looked), { looked: false, because: { code: 'API_DISABLED_FOR_ORG' } }],
  ['few calls left', () => (ingest.simulator.settings.dailyApiRequests = 4_000), ({ limits }) => seen(limits).dailyApiRequests?.max, 4_000],
  ['an older org', () => (ingest.simulator.settings.newestApiVersion = 60), ({ versions }) => seen(versions).used, '60.0'],
  ['no export jobs left', () => (ingest.simulator.settings.bulkJobsPerDay = 0), ({ bulk, limits }) => [seen(bulk).objects.every(({ refused }) => refused !== null), limits.looked], [true, true]],
])('tells of %s', async (_name, change, pick, expected) => {
  change();
  const picked = pick(await look());
  if (typeof expected === 'object' && !Array.isArray(expected)) expect(picked).toMatchObject(expected as object);
  else expect(picked).toEqual(expected);
});

it('says why there is no token, and refreshes nothing when the present one has ended', async () => {
  ingest.auth.refusal = new ConsentRequired('GRANT_REVOKED', 'Reconnect.');
  expect((await look()).access).toEqual({ looked: false, because: { code: 'GRANT_REVOKED', text: 'Reconnect.' } });
  ingest.auth.refusal = undefined;
  ingest.simulator.clock.advance(3 * 60 * 60_000);
  // The list of versions needs no token: what comes after it does.
  const { limits } = await look();
  expect([limits, ingest.auth.rejected]).toEqual([{ looked: false, because: { code: 'ACCESS_TOKEN_ENDED', text: expect.any(String) } }, []]);
});
