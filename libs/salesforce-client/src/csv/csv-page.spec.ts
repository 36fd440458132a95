import { describe, expect, it } from 'vitest';
import { CsvParser, type CsvRow } from './csv-parser.ts';
import { readCsvPage } from './csv-page.ts';

async function* pieces(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function rowsOf(body: AsyncIterable<Buffer>, expected: readonly string[]): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const batch of readCsvPage(body, expected)) rows.push(...batch);
  return rows;
}

it('leaves the header of the page out', async () => {
  expect(await rowsOf(pieces('"Id","Na', 'me"\n"1","a"\n"2",', '"b"'), ['Id', 'Name'])).toEqual([['1', 'a'], ['2', 'b']]);
});

it('takes the header in another case for the same columns', async () => {
  expect(await rowsOf(pieces('"ID","NAME"\n"1","a"\n'), ['Id', 'Name'])).toEqual([['1', 'a']]);
});

it.each([['a header alone', ['"Id"\n']], ['an empty body', []], ['an empty piece', ['']]])('reads no row of %s', async (_name, texts) => {
  expect(await rowsOf(pieces(...texts), ['Id'])).toEqual([]);
});

it.each([
  ['columns in another order', '"Name","Id"\n"a","1"\n'],
  ['one column less', '"Id"\n"1"\n'],
  ['one column more', '"Id","Name","More"\n"1","a","x"\n'],
  ['a page of HTML', '<html><body>We are down for maintenance</body></html>'],
  ['a row with one value less', '"Id","Name"\n"1","a"\n"2"\n'],
  ['a row with one value more', '"Id","Name"\n"1","a","b"\n'],
  ['an end within a row', '"Id","Name"\n"1","a"\n"2"'],
  ['an end inside quotes', '"Id","Name"\n"1","a'],
])('refuses %s', async (_name, text) => {
  await expect(rowsOf(pieces(text), ['Id', 'Name'])).rejects.toMatchObject({ code: 'CSV_BROKEN' });
});

describe('200 MB', () => {
  const columns = Array.from({ length: 12 }, (_, index) => `Column${index}__c`);
  const block = Buffer.from(Array.from({ length: 400 }, (_, row) => columns.map((_name, column) => `"${column === 3 ? `Acme ""${row}"", Ltd` : `value ${row * column} ü`}"`).join(',')).join('\n') + '\n');

  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${columns.map((name) => `"${name}"`).join(',')}\n`);
    for (let sent = 0; sent < 200e6; sent += block.length) yield block;
  }

  it('pass through in constant memory', async () => {
    const parser = new CsvParser();
    let rows = 0;
    let most = 0;
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    for await (const batch of readCsvPage(body(), columns, parser)) {
      rows += batch.length;
      most = Math.max(most, process.memoryUsage.rss());
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    console.info(`CSV: ${Math.round(rows / seconds).toLocaleString('en')} rows/s of ${columns.length} columns, ${Math.round(200 / seconds)} MB/s, ${Math.round((most - before) / 1e6)} MB more than before`);
    expect(rows).toBe(400 * Math.ceil(200e6 / block.length));
    expect(most - before).toBeLessThan(200e6);
  }, 60_000);
});
