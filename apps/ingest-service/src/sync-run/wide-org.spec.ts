import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { getCatalogue, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { freePort } from '@tributary/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import { buildService, ServiceProcess } from '../spec-support/service-process.harness.ts';
import { allValues, fewValues, manyFields } from '../spec-support/wide-object.harness.ts';

/** Objects besides the standard ones. */
const objects = Number(process.env['TRIBUTARY_TEST_ORG_OBJECTS'] ?? 15);
/** Rows of each of them, give or take a fifth. */
const objectRows = Number(process.env['TRIBUTARY_TEST_ORG_ROWS'] ?? 20);
/** Rows of the object of 800 columns that is exported; one that can only be queried has a tenth of them. */
const wideRows = Number(process.env['TRIBUTARY_TEST_WIDE_ROWS'] ?? 300);
const wideFields = manyFields(800);
const withinMs = 1_200_000;
const wide = { Exported__c: wideRows, Queried__c: wideRows / 10 };
let ingest: IngestHarness;
let main: string;
let service: ServiceProcess | undefined;

function addObjects(): string[] {
  const { org } = ingest.simulator;
  const names = Array.from({ length: objects }, (_, number) => `Object_${number}__c`);
  // Five to thirty-four fields: of all types, in another order each.
  for (const [number, name] of names.entries()) org.addObject({ name, fields: manyFields(5 + (number % 30)).toReversed(), rows: Math.round(objectRows * (0.8 + (number % 5) / 10)) });
  for (const [name, count] of Object.entries(wide)) org.addObject({ name, fields: wideFields, rows: { count, value: name === 'Queried__c' ? fewValues(wideFields) : allValues(wideFields) }, bulkRefused: name === 'Queried__c' });
  return [...names, ...Object.keys(wide)];
}

/** Selects what the preset "everything" has. @returns the run that copies it */
async function copyEverything(): Promise<SyncRun> {
  const before = await ingest.firstRun();
  const { presets = [] } = await ingest.ask(getCatalogue, { connectionId });
  const everything = presets.find(({ name }) => name === 'everything')?.objects ?? [];
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: everything.map((name) => ({ name })) }) });
  return ingest.finishedRun(before.id, withinMs);
}

/** Changes a value of every seventh row, deletes one row and adds one. */
function change(name: string): void {
  const { org } = ingest.simulator;
  const ids = [...org.eachRow(name)].map((row) => String(row['Id']));
  for (const [index, id] of ids.entries()) if (index % 7 === 0) org.update(name, id, { [manyFields(1)[0]?.name ?? '']: `Changed "${index}"` });
  org.delete(name, ids[1] ?? '');
  org.insert(name, { [manyFields(1)[0]?.name ?? '']: 'Added' });
}

function isWhole(run: SyncRun): void {
  expect(run.reasons).toEqual([]);
  expect(run.objects.flatMap(({ object, status, receipts }) => (status === 'complete' && receipts.every(({ complete }) => complete) ? [] : [`${object} is ${status}`]))).toEqual([]);
  expect(run.status).toBe('complete');
}

beforeAll(async () => {
  [ingest, main] = await Promise.all([IngestHarness.start({ size: 'empty' }), buildService()]);
});

afterAll(async () => {
  await service?.kill();
  await ingest?.stop();
  if (main !== undefined) await rm(dirname(main), { recursive: true, force: true });
});

it('copies everything of an org with many objects, two of them with 800 columns, filled as people do or all of them, and what changes in it, equal in each value and within 500 MB', async () => {
  const names = addObjects();
  service = new ServiceProcess(main, ingest.variables({ TRIBUTARY_SERVICE_PORT: String(await freePort()), TRIBUTARY_REST_ROWS: String(Math.min(2_000, wideRows / 2)) }));
  await ingest.untilStream();
  const first = await copyEverything();
  isWhole(first);
  expect(first.objects.map(({ object }) => object)).toEqual(expect.arrayContaining(names));
  expect(await ingest.rows(`select object, api, sum(parsed)::int as rows from ${schema}.receipt where object = any($1) group by 1, 2 order by 1`, [Object.keys(wide)])).toEqual([
    { object: 'Exported__c', api: 'bulk', rows: wide.Exported__c }, { object: 'Queried__c', api: 'rest', rows: wide.Queried__c }]);
  const afterFirst = await service.mostMemory();

  ingest.simulator.clock.advance(3_600_000);
  for (const name of names) change(name);
  ingest.simulator.clock.advance(3_600_000);
  ingest.simulator.log.clear();
  isWhole(await ingest.nextRun(withinMs));
  // The columns of one object do not fit one query.
  const asked = ingest.simulator.log.entries().map(({ query }) => query['q'] ?? '').filter((soql) => soql.includes('FROM Queried__c') && !soql.includes('COUNT()'));
  expect(new Set(asked.map((soql) => soql.slice(0, soql.indexOf(' FROM ')))).size).toBeGreaterThan(2);

  const most = await service.mostMemory();
  console.info(`${objects + 2} objects, ${wideFields.length} columns of ${wideRows} and ${wide.Queried__c} rows: ${Math.round(afterFirst / 1e6)} MB at most after the first run, ${Math.round(most / 1e6)} MB after the changes`);
  for (const object of names) expect(await ingest.differences(object)).toEqual([]);
  expect(most).toBeLessThan(500e6);
}, 2 * withinMs);
