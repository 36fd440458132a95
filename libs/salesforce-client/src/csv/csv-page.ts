import { InvalidInput } from '@tributary/failures';
import { CsvParser, type CsvRow } from './csv-parser.ts';

/**
 * Rows of one result page without its header, a batch per piece of the body. An empty body is a page without rows.
 * @param expected column names in the order asked for
 * @throws InvalidInput `CSV_BROKEN` for another header, a row of another width or an end inside quotes
 */
export async function* readCsvPage(body: AsyncIterable<Buffer>, expected: readonly string[], parser = new CsvParser()): AsyncGenerator<readonly CsvRow[]> {
  let header = true;
  const check = (rows: CsvRow[]): CsvRow[] => {
    if (header && rows.length > 0) {
      header = false;
      requireHeader(rows.shift() ?? [], expected);
    }
    const odd = rows.find((row) => row.length !== expected.length);
    if (odd !== undefined) throw new InvalidInput('CSV_BROKEN', `A CSV row has ${odd.length} values instead of ${expected.length}.`);
    return rows;
  };
  for await (const chunk of body) {
    const rows = check(parser.push(chunk));
    if (rows.length > 0) yield rows;
  }
  const last = check(parser.end());
  if (last.length > 0) yield last;
}

function requireHeader(header: CsvRow, expected: readonly string[]): void {
  const same = header.length === expected.length && header.every((name, index) => name.toLowerCase() === expected[index]?.toLowerCase());
  if (!same) throw new InvalidInput('CSV_BROKEN', 'The CSV has other columns than asked for.');
}
