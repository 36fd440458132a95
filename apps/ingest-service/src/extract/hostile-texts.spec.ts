import { getCatalogue, putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { hostileTexts } from '@tributary/testing/hostile-texts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

// What administrators and users of an org have written: it is text, wherever it stands.
const texts = hostileTexts.map(({ text }) => text);
/** PostgreSQL keeps neither NUL nor half of a character. */
const kept = (text: string): string => text.toWellFormed().replaceAll('\0', '');
/** Salesforce has no empty texts: nothing is null. */
const keptInRow = (text: string): string | null => kept(text) || null;
const objectName = 'Hostile__c';

let ingest: IngestHarness;

async function select(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
}

const stored = async (name: string) => new Map((await ingest.rows<{ id: string; note: string | null }>(`select id, note__c as note from ${schema}.${name}`)).map(({ id, note }) => [id, note]));

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService({ TRIBUTARY_BULK_PAGE_ROWS: '1000' });
  await ingest.firstRun();
});

afterAll(() => ingest?.stop());

it.each([['by REST', 'Few__c', texts.length], ['by Bulk', 'Many__c', 3_000]])('in rows read %s is kept as it was written', async (_way, name, count) => {
  ingest.simulator.org.addObject({ name, fields: [{ name: 'Note__c', type: 'string' }], rows: { count, row: (index) => ({ Name: `Row ${index}`, Note__c: texts[index % texts.length] ?? '' }) } });
  const run = await select(name);
  expect(run.objects.map(({ object, status }) => [object, status])).toEqual([[name, 'complete']]);
  const rows = await stored(name);
  expect(rows.size).toBe(count);
  const wrong = ingest.simulator.org.rows(name).filter(({ Id, Note__c: note }) => rows.get(String(Id)) !== keptInRow(String(note))).map(({ Id, Note__c: note }) => [note, rows.get(String(Id))]);
  expect([...new Set(wrong.map((pair) => JSON.stringify(pair)))]).toEqual([]);
});

it('in labels of an object, of fields and of choices is shown as it was written', async () => {
  ingest.simulator.org.addObject({
    name: objectName, label: '<script>alert(1)</script>',
    fields: texts.map((label, index) => ({ name: `Field_${index}__c`, type: 'picklist', label, picklist: [label] })),
    rows: { count: 3, row: (index) => ({ Name: `Row ${index}` }) },
  });
  const run = await select(objectName);
  expect(run.objects).toMatchObject([{ object: objectName, status: 'complete' }]);
  const { objects } = await ingest.ask(getCatalogue, { connectionId, object: objectName });
  const object = objects.find(({ name }) => name === objectName);
  expect(object?.label).toBe('<script>alert(1)</script>');
  expect(texts.map((_label, index) => object?.fields?.find(({ name }) => name === `Field_${index}__c`)?.label)).toEqual(texts.map(kept));
});
