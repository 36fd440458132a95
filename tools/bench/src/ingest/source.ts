import { createServer, type ServerResponse } from 'node:http';
import { customObject, opportunities, type SourceTable } from './source-tables.ts';

// Just enough of Salesforce to hand out pages that were made before; the server must not be what is measured.
// Arguments: rows of Opportunity, rows that an increment changes, columns of one wide object, number of further objects.
const [rows = 100_000, changed = 10_000, wideColumns = 0, moreObjects = 0] = process.argv.slice(2).map(Number);
const pageRows = 50_000;
const wideRows = 10_000;

const tables = new Map([
  opportunities(rows),
  ...(wideColumns > 0 ? [customObject('Wide__c', wideColumns, wideRows)] : []),
  ...Array.from({ length: moreObjects }, (_object, index) => customObject(`Object${index}__c`, 25, index % 2 === 0 ? 2_500 : 500)),
].map((table) => [table.name, table]));

/** What one export or query gives. */
interface Export {
  readonly rows: number;
  readonly pages: Buffer[];
}

/** Rows of a table that a question of the present round is about. */
function share(table: SourceTable): { count: number; step: number } {
  const count = round === 0 ? table.rows : Math.min(changed, table.rows);
  return { count, step: Math.floor(table.rows / count) };
}

function exportOf(table: SourceTable, fields: readonly number[], { count, step }: { count: number; step: number }): Export {
  const header = `${fields.map((field) => `"${table.fields[field]?.[0]}"`).join(',')}\n`;
  const line = (index: number): string => {
    const values = table.values(index * step, round);
    return `${fields.map((field) => `"${String(values[field]).replaceAll('"', '""')}"`).join(',')}\n`;
  };
  const pages = Array.from({ length: Math.ceil(count / pageRows) }, (_page, page) =>
    Buffer.from(header + Array.from({ length: Math.min(pageRows, count - page * pageRows) }, (_row, index) => line(page * pageRows + index)).join('')));
  return { rows: count, pages };
}

let round = 0;
const exports = new Map<string, Export>();
/** Exports of whole objects, made once for all connections. */
const kept = new Map<string, Export>();

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench.invalid');
  if (pathname === '/round') return json(response, newRound(Number(searchParams.get('number'))));
  if (pathname.endsWith('/results')) return page(response, exports.get(jobOf(pathname)), Number(searchParams.get('locator') ?? 0));
  if (pathname.endsWith('/jobs/query') && request.method === 'POST') {
    request.setEncoding('utf8').toArray().then((pieces) => json(response, newJob(pieces.join(''))), () => response.destroy());
    return undefined;
  }
  return json(response, answer(pathname, searchParams.get('q') ?? ''));
});

/** Begins a round, with the export of Opportunity ready under the job `floor`. */
function newRound(number: number): unknown {
  round = number;
  const { id } = newJob('SELECT * FROM Opportunity', 'floor');
  const made = exports.get(id);
  return { rows: made?.rows, bytes: made?.pages.reduce((sum, { length }) => sum + length, 0), pages: made?.pages.length };
}

function jobOf(pathname: string): string {
  return /jobs\/query\/(\w+)/.exec(pathname)?.[1] ?? '';
}

/** The object of a query with the positions of the fields asked for, and the rows it is about. */
function asked(soql: string): { table: SourceTable; fields: number[]; whole: boolean } {
  const [, list = '', name = ''] = /SELECT (.*?) FROM (\w+)/i.exec(soql) ?? [];
  const table = tables.get(name) ?? opportunities(0);
  const names = list.split(',').map((field) => field.trim());
  const fields = table.fields.flatMap(([field], index) => (list === '*' || names.includes(field) ? [index] : []));
  return { table, fields: list === '*' ? fields : names.map((field) => table.fields.findIndex(([known]) => known === field)), whole: fields.length === table.fields.length };
}

function newJob(body: string, id = `750${String(exports.size).padStart(12, '0')}`): { id: string; [fact: string]: unknown } {
  const { table, fields, whole } = asked(body);
  // A few columns are what a comparison of all Ids asks for.
  const part = whole ? share(table) : { count: table.rows, step: 1 };
  const key = [table.name, fields.join(), round].join('/');
  const made = kept.get(key) ?? exportOf(table, fields, part);
  kept.set(key, made);
  exports.set(id, made);
  return { ...jobFacts, object: table.name, id, state: 'UploadComplete' };
}

function page(response: ServerResponse, made: Export | undefined, number: number): void {
  const { rows: all, pages } = made ?? { rows: 0, pages: [] };
  const body = pages[number] ?? Buffer.alloc(0);
  const last = number + 1 >= pages.length;
  response.writeHead(200, {
    'content-type': 'text/csv', 'content-length': body.length, 'sforce-numberofrecords': last ? all - number * pageRows : pageRows, 'sforce-locator': last ? 'null' : String(number + 1),
  });
  response.end(body);
}

const jobFacts = { operation: 'queryAll', apiVersion: 66 };

function answer(pathname: string, soql: string): unknown {
  if (pathname === '/services/data') return [{ label: 'Bench', url: '/services/data/v66.0', version: '66.0' }];
  if (pathname.endsWith('/describe')) return describe(/sobjects\/(\w+)/.exec(pathname)?.[1] ?? '');
  if (pathname.endsWith('/sobjects')) return { encoding: 'UTF-8', maxBatchSize: 200, sobjects: [...tables.keys()].map((name) => ({ ...objectFacts(name), label: name })) };
  if (pathname.endsWith('/limits')) return { DailyApiRequests: { Max: 1_000_000, Remaining: 999_000 } };
  if (pathname.endsWith('/deleted/') || pathname.endsWith('/deleted')) return { deletedRecords: [], earliestDateAvailable: '2026-01-01T00:00:00.000+0000', latestDateCovered: new Date().toISOString() };
  if (pathname.includes('/jobs/query/')) return { ...jobFacts, id: jobOf(pathname), state: 'JobComplete', numberRecordsProcessed: exports.get(jobOf(pathname))?.rows ?? 0 };
  return queried(soql);
}

/** A count, or the rows themselves in one page. */
function queried(soql: string): unknown {
  const { table, fields } = asked(soql);
  const { count, step } = share(table);
  if (/COUNT\(\)/i.test(soql)) return { totalSize: count, done: true, records: [] };
  const record = (index: number): unknown => {
    const values = table.values(index * step, round);
    return Object.fromEntries(fields.map((field) => [table.fields[field]?.[0], values[field] === '' ? null : values[field]]));
  };
  const limit = Number(/ LIMIT (\d+)/i.exec(soql)?.[1] ?? count);
  const given = Math.min(limit, count);
  return { totalSize: given, done: true, records: Array.from({ length: given }, (_row, index) => record(index)) };
}

function objectFacts(name: string): Record<string, unknown> {
  return { name, custom: name.endsWith('__c'), queryable: true, retrieveable: true, replicateable: true, deprecatedAndHidden: false };
}

function describe(name: string): unknown {
  const fields = tables.get(name)?.fields ?? [];
  return { ...objectFacts(name), label: name, fields: fields.map(([field, type]) => ({ name: field, type, label: field, custom: field.endsWith('__c'), calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false })) };
}

function json(response: ServerResponse, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8', 'content-length': bytes.length, 'sforce-limit-info': 'api-usage=18/1000000' });
  response.end(bytes);
}

if (process.send !== undefined) {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
  });
}
