import { Failure, Unavailable } from '@tributary/failures';
import type { BulkPage, DataClient, QueryRecord } from '@tributary/salesforce-client';
import { recordText } from '../load/copy-row.ts';
import type { RowBatch } from '../load/stage.ts';
import type { Substitutions } from '../load/substitutions.ts';

/** A page or an answer did not hold what it promised; reading it again may help. */
export function pageIncomplete(promised: number, arrived: number): Unavailable {
  return new Unavailable('PAGE_INCOMPLETE', `A page promised ${promised} rows but ${arrived} arrived.`);
}

/** All pages that Salesforce listed of an export do not hold what the export does. */
export function pagesMissing(exported: number, arrived: number): Unavailable {
  return new Unavailable('PAGES_MISSING', `Salesforce exported ${exported} rows but the pages it lists hold ${arrived}.`);
}

/** Bytes of a Bulk page. @throws Unavailable `PAGE_INTERRUPTED` when it breaks off */
export async function* bulkBytes({ body }: BulkPage): AsyncGenerator<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (cause) {
    throw cause instanceof Failure ? cause : new Unavailable('PAGE_INTERRUPTED', 'A page of the export broke off.', { cause });
  } finally {
    body.destroy();
  }
}

/** Rows of a REST query as texts, page by page. @param onPage told with each page how many rows the source says the query has */
export async function* restRows(data: DataClient, soql: string, fields: readonly string[], substitutions: Substitutions, onPage: (rows: number) => void): AsyncGenerator<RowBatch> {
  for await (const { records, totalSize } of data.queryAll(soql)) {
    onPage(totalSize);
    yield asTexts(records, fields, substitutions);
  }
}

/** Records as the texts their values have in CSV, in the order of the fields. */
export function asTexts(records: readonly QueryRecord[], fields: readonly string[], substitutions: Substitutions): string[][] {
  return records.map((record) => fields.map((field) => recordText(record[field], substitutions)));
}
