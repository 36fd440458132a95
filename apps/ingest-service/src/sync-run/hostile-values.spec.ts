import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';

/** What a text is at the source, and what of it is stored where that is not the same; null is no value. */
const texts: readonly (readonly [what: string, source: string, stored?: string])[] = [
  ['a NUL', 'a\0b', 'ab'],
  ['a BOM at its start', '\uFEFFstart'],
  ['right to left', '\u202Eשלום\u202C عالم \u200F'],
  ['line breaks of all kinds', 'one\r\ntwo\nthree\rfour\u2028five\u0085'],
  ['quotes and commas', '"",","\n"'],
  ['marks of other formats', '\\N'],
  ['words for nothing', 'NULL'],
  ['NA', 'NA'],
  ['spaces around', '  x\t '],
  ['emoji of several parts', '👩‍👩‍👧‍👦 🏳️‍🌈 é é'],
  ['the replacement character itself', '\uFFFD'],
  ['a formula of a spreadsheet', '=1+1'],
  ['131,072 characters', 'ä"\n😀x'.repeat(21_846).slice(0, 131_072)],
];

/** Decimals as Salesforce writes them, and as PostgreSQL writes the same number. */
const decimals: readonly (readonly [source: string, stored: string])[] = [
  ['-0', '0'], ['-0.0', '0.0'], ['123456789012345678', '123456789012345678'], ['0.123456789012345678', '0.123456789012345678'], ['-99999999999999.9999', '-99999999999999.9999'],
  ['1e308', `1${'0'.repeat(308)}`], ['1.0E-7', '0.00000010'], ['9007199254740993', '9007199254740993'], ['12345678901234.5678', '12345678901234.5678'],
];
const days = ['1700-01-01', '1752-09-14', '1899-12-31', '2000-02-29', '4000-12-31'];
/** Each with the same instant in UTC. */
const instants: readonly (readonly [source: string, stored: string])[] = [
  ['1700-01-01T00:00:00.000Z', '1700-01-01 00:00:00+00'], ['4000-12-31T23:59:59.999Z', '4000-12-31 23:59:59.999+00'], ['2026-03-29T01:30:00.000+0000', '2026-03-29 01:30:00+00'],
  ['2026-10-25T02:30:00.000+02:00', '2026-10-25 00:30:00+00'], ['2026-06-01T12:00:00.000-1130', '2026-06-01 23:30:00+00'],
];

let ingest: IngestHarness;

const fields = [{ name: 'Key__c', type: 'int' }, { name: 'Text__c', type: 'textarea', length: 131_072 }, { name: 'Amount__c', type: 'currency' }, { name: 'Day__c', type: 'date' }, { name: 'At__c', type: 'datetime' }] as const;
const count = Math.max(texts.length, decimals.length, days.length, instants.length);

function addObject(name: string): void {
  ingest.simulator.org.addObject({
    name, fields,
    rows: { count, row: (index) => ({ Key__c: index, Text__c: texts[index]?.[1] ?? null, Amount__c: decimals[index]?.[0] ?? null, Day__c: days[index] ?? null, At__c: instants[index]?.[0] ?? null }) },
  });
}

async function copied(name: string): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  return ingest.finishedRun(before.id);
}

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  // Objects of fewer rows are read by REST, others by Bulk.
  await ingest.startService({}, { restRows: count, bulkPageRows: 5 });
  await ingest.rows(`set timezone = 'UTC'`);
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

describe.each([['rest', 0], ['bulk', 1]] as const)('by %s', (api, more) => {
  const name = `Values_${api}__c`;
  let run: SyncRun;

  beforeAll(async () => {
    addObject(name);
    if (more > 0) ingest.simulator.org.insert(name, { Key__c: 99 });
    run = await copied(name);
  });

  const column = async (field: string): Promise<(string | null)[]> =>
    (await ingest.rows<{ value: string | null }>(`select ${field.toLowerCase()}::text as value from ${schema}.${name.toLowerCase()} where key__c < 99 order by key__c`)).map(({ value }) => value);

  it('comes whole, with each replaced character counted', () => {
    expect(run).toMatchObject({ status: 'complete', objects: [{ api, receipts: [{ parsed: count + more, inserted: count + more, complete: true, substitutions: 1 }] }] });
  });

  it('keeps every text but its NUL', async () => {
    const stored = await column('Text__c');
    for (const [index, [what, source, kept = source]] of texts.entries()) expect(stored[index] === kept, `${what}: ${JSON.stringify(stored[index]?.slice(0, 80))}`).toBe(true);
  });

  it('keeps decimals digit by digit', async () => {
    expect((await column('Amount__c')).slice(0, decimals.length)).toEqual(decimals.map(([, stored]) => stored));
  });

  it('keeps days and instants of other centuries and zones', async () => {
    expect((await column('Day__c')).slice(0, days.length)).toEqual(days);
    expect((await column('At__c')).slice(0, instants.length)).toEqual(instants.map(([, stored]) => stored));
  });
});

it('replaces and counts a lone surrogate, which JSON can carry', async () => {
  ingest.simulator.org.addObject({ name: 'Lone__c', fields, rows: { count: 2, row: (index) => ({ Key__c: index, Text__c: index === 0 ? 'a\uD800b\uDC00' : '😀' }) } });
  expect(await copied('Lone__c')).toMatchObject({ status: 'complete', objects: [{ receipts: [{ substitutions: 2 }] }] });
  expect(await ingest.rows(`select text__c as text from ${schema}.lone__c order by key__c`)).toEqual([{ text: 'a\uFFFDb\uFFFD' }, { text: '😀' }]);
});
