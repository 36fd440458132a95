import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SyncRun } from '@tributary/api-contracts';
import { until } from '@tributary/testing';
import { IngestHarness, schema } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'small' });
  await ingest.startService();
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

/** The receipt of the only window of an object in a run. */
function receiptOf(run: SyncRun, object: string) {
  const receipts = run.objects.find((candidate) => candidate.object === object)?.receipts ?? [];
  expect(receipts).toHaveLength(1);
  return receipts[0];
}

async function versions(object: string): Promise<Map<string, string>> {
  const rows = await ingest.rows<{ id: string; version: string }>(`select id, _version::text as version from ${schema}.${object} order by id`);
  return new Map(rows.map(({ id, version }) => [id, version]));
}

async function someIds(object: string, count: number): Promise<string[]> {
  return ingest.simulator.org.rows(object).filter((row) => row['IsDeleted'] !== true).slice(0, count).map((row) => String(row['Id']));
}

it('reads what was inserted, updated and deleted, and gives unchanged rows no new version', async () => {
  const { org } = ingest.simulator;
  const before = await versions('account');
  const [updated, deleted] = await someIds('Account', 2);
  org.update('Account', updated ?? '', { Name: 'Quote " and,\ncomma' });
  org.delete('Account', deleted ?? '');
  const inserted = org.insert('Account', { Name: 'Tab\tand\\backslash' });
  const run = await ingest.nextRun();
  expect(run).toMatchObject({ status: 'complete', kind: 'incremental', reasons: [] });
  expect(receiptOf(run, 'Account')).toMatchObject({ complete: true, inserted: 1, updated: 2, tombstones: 1 });
  expect(await ingest.differences('Account')).toEqual([]);
  const after = await versions('account');
  const changed = [...after].filter(([id, version]) => before.get(id) !== version).map(([id]) => id).sort();
  expect(changed).toEqual([inserted, updated, deleted].sort());
  expect(new Set(changed.map((id) => after.get(id))).size).toBe(1);
  const gone = await ingest.rows<{ deleted: boolean }>(`select _deleted as deleted from ${schema}.account where id = $1`, [deleted]);
  expect(gone).toEqual([{ deleted: true }]);
});

it('keeps what a changed row was before', async () => {
  const [id] = await someIds('Opportunity', 1);
  const [before] = await ingest.rows<{ name: string; version: string }>(`select name, _version::text as version from ${schema}.opportunity where id = $1`, [id]);
  ingest.simulator.org.update('Opportunity', id ?? '', { Name: 'Renamed' });
  await ingest.nextRun();
  const kept = await ingest.rows<{ name: string; version: string }>(`select row->>'name' as name, version::text from ${schema}.record_version where object = 'Opportunity' and id = $1`, [id]);
  expect(kept).toEqual([before]);
});

it('takes an undeleted row back', async () => {
  const [id] = await someIds('Contact', 1);
  ingest.simulator.org.delete('Contact', id ?? '');
  expect(receiptOf(await ingest.nextRun(), 'Contact')).toMatchObject({ tombstones: 1 });
  ingest.simulator.org.undelete('Contact', id ?? '');
  await ingest.nextRun();
  expect(await ingest.rows(`select _deleted as deleted from ${schema}.contact where id = $1`, [id])).toEqual([{ deleted: false }]);
  const [counts] = await ingest.rows<{ kept: string; tombstones: string }>(`select tombstones::text as kept, (select count(*)::text from ${schema}.contact where _deleted) as tombstones from ${schema}.sync_object where object = 'Contact'`);
  expect(counts?.kept).toBe(counts?.tombstones);
});

it('catches a change that was committed late, after the window of its stamp was read', async () => {
  const { org, settings, clock } = ingest.simulator;
  settings.commitDelayMs = 8 * 60_000;
  const [id] = await someIds('Lead', 1);
  org.update('Lead', id ?? '', { LastName: 'Late' });
  settings.commitDelayMs = 0;
  clock.advance(5_000);
  await ingest.nextRun();
  expect(await ingest.rows(`select lastname from ${schema}.lead where id = $1`, [id])).not.toEqual([{ lastname: 'Late' }]);
  clock.advance(9 * 60_000);
  await ingest.nextRun();
  expect(await ingest.rows(`select lastname from ${schema}.lead where id = $1`, [id])).toEqual([{ lastname: 'Late' }]);
});

it('publishes one committed window per object and run, with rising versions', async () => {
  const events = await ingest.rows<{ object: string; from: string; to: string; rows: string }>(
    `select payload->'data'->>'object' as object, payload->'data'->>'fromVersion' as "from", payload->'data'->>'toVersion' as "to", payload->'data'->>'rows' as rows
       from ingest.outbox where payload->>'type' = 'ingest.window.committed' order by id`);
  const lead = events.filter(({ object }) => object === 'Lead');
  expect(lead[0]).toMatchObject({ from: '0', to: '1' });
  for (const [index, { from, to, rows }] of lead.entries()) {
    if (index > 0) expect(from).toBe(lead[index - 1]?.to);
    expect(Number(to) - Number(from)).toBe(rows === '0' ? 0 : 1);
  }
  await until('every event published', async () => (await ingest.rows(`select 1 from ingest.outbox where published_at is null`)).length === 0);
});

it('adds a column for a new field with the values of unchanged rows, and keeps the column of a removed one', async () => {
  const { org } = ingest.simulator;
  org.addField('Case', { name: 'Weight__c', type: 'double' });
  const run = await ingest.nextRun();
  expect(receiptOf(run, 'Case')).toMatchObject({ windowFrom: null, complete: true });
  expect(await ingest.rows(`select column_type from ${schema}.field_catalogue where object = 'Case' and field = 'Weight__c' and seen_until is null`)).toEqual([{ column_type: 'numeric' }]);
  org.removeField('Case', 'Weight__c');
  expect(await ingest.nextRun()).toMatchObject({ status: 'complete' });
  expect(await ingest.rows(`select seen_until is not null as closed from ${schema}.field_catalogue where object = 'Case' and field = 'Weight__c'`)).toEqual([{ closed: true }]);
  await ingest.rows(`select weight__c from ${schema}.case limit 1`);
  const changes = await ingest.rows<{ added: string[]; removed: string[] }>(`select payload->'data'->'added' as added, payload->'data'->'removed' as removed from ingest.outbox where payload->>'type' = 'ingest.schema.changed' order by id`);
  expect(changes).toEqual([{ added: ['Weight__c'], removed: [] }, { added: [], removed: ['Weight__c'] }]);
});
