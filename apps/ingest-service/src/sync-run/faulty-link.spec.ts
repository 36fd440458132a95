import { putSelection, Selection, type SyncRun } from '@tributary/api-contracts';
import { HostRules, SalesforceHttp } from '@tributary/salesforce-client';
import { FaultProxy, until } from '@tributary/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionId, IngestHarness } from '../spec-support/ingest.harness.ts';

let ingest: IngestHarness;
let link: FaultProxy;
let http: SalesforceHttp;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  link = await FaultProxy.start(Number(new URL(ingest.simulator.orgOrigin).port));
  http = new SalesforceHttp({ hostRules: new HostRules({ extraOrigins: [link.origin] }), version: '0' });
  ingest.auth.through = link.origin;
  await ingest.startService({ SALESFORCE_EXTRA_ORIGINS: [...ingest.simulator.origins, link.origin].join(',') }, { bulkPageRows: 50, restRows: 60 });
  await ingest.firstRun();
});

afterEach(() => {
  link.set({});
});

afterAll(async () => {
  await http?.close();
  await ingest?.stop();
  await link?.stop();
});

function addObject(name: string, rows: number): void {
  ingest.simulator.org.addObject({ name, fields: [{ name: 'Note__c', type: 'string' }], rows: { count: rows, row: (index) => ({ Name: `Row ${index}`, Note__c: `line ${index}, "ä"\nnext` }) } });
}

/** Chooses an object, and waits for the run that copies it. @param onJob called once its export exists */
async function copied(name: string, onJob?: () => void): Promise<SyncRun> {
  const before = await ingest.finishedRun();
  if (onJob !== undefined) ingest.simulator.settings.bulkRunMs = 600;
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: [{ name }] }) });
  if (onJob !== undefined) {
    await until('the export job', async () => (await ingest.rows(`select 1 from ingest.extract_job where object = $1 and job_id is not null`, [name])).length > 0);
    onJob();
  }
  const run = await ingest.finishedRun(before.id);
  ingest.simulator.settings.bulkRunMs = 10;
  return run;
}

const pagesAsked = (): string[] => ingest.simulator.log.entries().filter(({ path }) => path.endsWith('/results')).map(({ query }) => query['locator'] ?? 'first');

describe('a link to Salesforce', () => {
  it('that carries byte by byte costs no row: by REST', async () => {
    addObject('Bytes__c', 40);
    link.set({ down: { sliceBytes: 1 } });
    expect(await copied('Bytes__c')).toMatchObject({ status: 'complete', objects: [{ api: 'rest', receipts: [{ parsed: 40, inserted: 40, complete: true }] }] });
    expect(await ingest.differences('Bytes__c')).toEqual([]);
  });

  it('that carries a few bytes at once costs no row: by Bulk', async () => {
    addObject('Pieces__c', 120);
    link.set({ down: { sliceBytes: 5 } });
    expect(await copied('Pieces__c')).toMatchObject({ status: 'complete', objects: [{ api: 'bulk', receipts: [{ parsed: 120, inserted: 120, complete: true }] }] });
    expect(await ingest.differences('Pieces__c')).toEqual([]);
  });

  it.each(['reset', 'close'] as const)('that ends by %s within a page costs that page alone: it is read again from its locator, and nothing is stored twice', async (atLimit) => {
    const name = `Cut_${atLimit}__c`;
    addObject(name, 400);
    ingest.simulator.log.clear();
    const run = await copied(name, () => link.set({ down: { limitBytes: 4_000, times: 2, atLimit } }));
    expect(run).toMatchObject({ status: 'complete', objects: [{ receipts: [{ jobCount: 400, parsed: 400, inserted: 400, complete: true }] }] });
    expect(await ingest.differences(name)).toEqual([]);
    const asked = pagesAsked();
    expect(new Set(asked).size).toBe(8);
    expect(asked.length).toBeGreaterThan(8);
    // The page and the one asked for ahead of it, twice.
    expect(asked.length).toBeLessThanOrEqual(12);
    expect(ingest.simulator.log.entries().filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/query'))).toHaveLength(1);
  });
});

describe('a call ends at its deadline', () => {
  const versions = { method: 'GET', path: '/services/data' } as const;

  it.each([
    ['five seconds of latency', { up: { latencyMs: 5_000 } }],
    ['a kilobyte a second', { down: { bytesPerSecond: 1_000 } }],
    ['a black hole', { up: { silent: true }, down: { silent: true } }],
    ['a way out that is dead', { up: { silent: true } }],
    ['a way back that is dead', { down: { silent: true } }],
    ['silence within the answer', { down: { limitBytes: 500, atLimit: 'silence' } }],
  ] as const)('over %s, and is told as perhaps sent', async (_what, faults) => {
    link.set(faults);
    const startedAt = performance.now();
    await expect(http.text({ ...versions, origin: link.origin, timeoutMs: 300, freshSocket: true })).rejects.toMatchObject({ code: 'SALESFORCE_UNREACHABLE', details: { sent: true } });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('also while a body is streamed: silence between two pieces ends it', async () => {
    link.set({ down: { limitBytes: 500, atLimit: 'silence' } });
    const { body } = await http.call({ ...versions, origin: link.origin, timeoutMs: 300, freshSocket: true });
    const startedAt = performance.now();
    await expect(body.resume().toArray()).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});
