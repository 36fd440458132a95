import { createServer, type ServerResponse } from 'node:http';
import { opportunityFields } from './opportunity-fields.ts';

const pageRows = 50_000;
const stages = ['Prospecting', 'Qualification', 'Needs Analysis', 'Value Proposition', 'Negotiation/Review', 'Closed Won', 'Closed Lost'];

/** One row as CSV; `round` changes what an increment changes. */
function line(index: number, round: number, chosen: readonly number[]): string {
  const mixed = (index * 2_654_435_761) >>> 0;
  const suffix = (prefix: string, number: number): string => `${prefix}${number.toString(36).toUpperCase().padStart(12, '0')}AAC`;
  const created = new Date(1.6e12 + (mixed % 1.6e8) * 1_000).toISOString().replace('Z', '+0000');
  const changed = round === 0 ? created : new Date().toISOString().replace('Z', '+0000');
  const values = [
    suffix('006', index), mixed % 97 === 0 ? 'true' : 'false', suffix('001', mixed % 90_000), `Deal ${index} of Müller ""& Sons"" GmbH, extension ${round}`, stages[mixed % 7], ((mixed % 1e7) / 100).toFixed(2),
    mixed % 101, ((mixed % 1e7) / 200).toFixed(2), mixed % 3 === 0 ? '' : `${mixed % 50}.0`, created.slice(0, 10), mixed % 2 ? 'New Business' : 'Existing Business',
    mixed % 4 ? '' : 'Call the decision maker again, then send the offer', mixed % 5 ? 'Web' : 'Partner Referral', mixed % 2 ? 'true' : 'false', mixed % 3 ? 'false' : 'true', 'Pipeline',
    mixed % 6 ? '' : suffix('701', mixed % 900), suffix('005', mixed % 200), created, changed, changed, 2_020 + (mixed % 7),
  ];
  return `${chosen.map((field) => `"${values[field]}"`).join(',')}\n`;
}

const allFields = opportunityFields.map((_field, index) => index);

/** @param step distance between the rows */
function pagesOf(rows: number, step: number, round: number, chosen: readonly number[] = allFields): Buffer[] {
  const header = `${chosen.map((field) => `"${opportunityFields[field]?.[0]}"`).join(',')}\n`;
  return Array.from({ length: Math.ceil(rows / pageRows) }, (_, page) => {
    const count = Math.min(pageRows, rows - page * pageRows);
    return Buffer.from(header + Array.from({ length: count }, (_row, index) => line((page * pageRows + index) * step, round, chosen)).join(''));
  });
}

const [, , argument = '100000', changedArgument = '10000'] = process.argv;
const total = Number(argument);
const changedRows = Math.min(Number(changedArgument), total);
const full = pagesOf(total, 1, 0);
let served = { rows: total, pages: full };
/** Exports of a few columns, as a sweep by Id asks for them, by job. */
const narrow = new Map<string, { rows: number; pages: Buffer[] }>();
let jobs = 0;

/** Just enough of Salesforce to hand out pages that were made before; the server must not be what is measured. */
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench.invalid');
  if (pathname === '/round') {
    const round = Number(searchParams.get('number'));
    served = round === 0 ? { rows: total, pages: full } : { rows: changedRows, pages: pagesOf(changedRows, Math.floor(total / changedRows), round) };
    return json(response, { rows: served.rows, bytes: served.pages.reduce((sum, page) => sum + page.length, 0), pages: served.pages.length });
  }
  if (pathname.endsWith('/results')) return page(response, pathname, Number(searchParams.get('locator') ?? 0));
  if (pathname.endsWith('/jobs/query') && request.method === 'POST') {
    request.setEncoding('utf8').toArray().then((pieces) => json(response, newJob(pieces.join(''))), () => response.destroy());
    return undefined;
  }
  return json(response, answer(pathname));
});

function exportOf(pathname: string): { rows: number; pages: Buffer[] } {
  return narrow.get(/750\d+/.exec(pathname)?.[0] ?? '') ?? served;
}

function newJob(body: string): unknown {
  const id = `750${String((jobs += 1)).padStart(12, '0')}`;
  const chosen = (/SELECT (.*?) FROM/i.exec(body)?.[1] ?? '').split(',').map((name) => opportunityFields.findIndex(([field]) => field === name.trim()));
  if (chosen.length < allFields.length) narrow.set(id, { rows: total, pages: pagesOf(total, 1, 0, chosen) });
  return { ...jobFacts, id, state: 'UploadComplete' };
}

function page(response: ServerResponse, pathname: string, number: number): void {
  const { rows, pages } = exportOf(pathname);
  const body = pages[number] ?? Buffer.alloc(0);
  const last = number + 1 >= pages.length;
  response.writeHead(200, {
    'content-type': 'text/csv', 'content-length': body.length, 'sforce-numberofrecords': last ? rows - number * pageRows : pageRows, 'sforce-locator': last ? 'null' : String(number + 1),
  });
  response.end(body);
}

const jobFacts = { operation: 'queryAll', object: 'Opportunity', apiVersion: 66 };

function answer(pathname: string): unknown {
  if (pathname === '/services/data') return [{ label: 'Bench', url: '/services/data/v66.0', version: '66.0' }];
  if (pathname.endsWith('/describe')) return describe();
  if (pathname.endsWith('/sobjects')) return { encoding: 'UTF-8', maxBatchSize: 200, sobjects: [{ ...objectFacts, label: 'Opportunity' }] };
  if (pathname.endsWith('/limits')) return { DailyApiRequests: { Max: 1_000_000, Remaining: 999_000 } };
  if (pathname.endsWith('/resultPages')) return { resultPages: exportOf(pathname).pages.map((_page, index) => ({ resultUrl: `${pathname.replace('resultPages', 'results')}${index === 0 ? '' : `?locator=${index}`}` })), done: true };
  if (pathname.endsWith('/deleted/') || pathname.endsWith('/deleted')) return { deletedRecords: [], earliestDateAvailable: '2026-01-01T00:00:00.000+0000', latestDateCovered: new Date().toISOString() };
  if (pathname.includes('/jobs/query/')) return { ...jobFacts, id: /750\d+/.exec(pathname)?.[0], state: 'JobComplete', numberRecordsProcessed: exportOf(pathname).rows };
  return { totalSize: served.rows, done: true, records: [] };
}

const objectFacts = { name: 'Opportunity', custom: false, queryable: true, retrieveable: true, replicateable: true, deprecatedAndHidden: false };

function describe(): unknown {
  return {
    ...objectFacts, label: 'Opportunity',
    fields: opportunityFields.map(([name, type]) => ({ name, type, label: name, custom: false, calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false })),
  };
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
