import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { RecordsAnswer } from '@tributary/api-contracts';
import type { ApiClient } from './api-client.ts';
import { csvCells, csvLine } from './csv.ts';

const pageRows = 500;

/** Writes every row of an object, page by page. @returns how many */
export async function exportRows(api: ApiClient, connectionId: string, object: string, format: 'csv' | 'jsonl', out: Writable): Promise<number> {
  let [rows, cursor]: [number, string | null] = [0, null];
  do {
    const query = new URLSearchParams({ limit: String(pageRows), ...(cursor === null ? {} : { cursor }) });
    const page: RecordsAnswer = await api.ask('GET', `/api/connections/${connectionId}/records/${encodeURIComponent(object)}?${query.toString()}`, RecordsAnswer);
    const head = format === 'csv' && cursor === null ? csvLine(page.columns.map(({ name }) => name)) : '';
    const body = page.rows.map((row) => (format === 'csv' ? csvLine(csvCells(page.columns, row)) : `${JSON.stringify(row)}\n`)).join('');
    if (!out.write(head + body)) await once(out, 'drain');
    rows += page.rows.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}
