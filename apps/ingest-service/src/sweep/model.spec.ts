import { putSelection, Selection } from '@tributary/api-contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionId, IngestHarness, schema } from '../spec-support/ingest.harness.ts';
import { randomOf, RandomObject } from './random-org.harness.ts';

const seeds = Number(process.env['TRIBUTARY_TEST_SEEDS'] ?? 4);
const firstSeed = Number(process.env['TRIBUTARY_TEST_FIRST_SEED'] ?? 1);
/** Objects that change beside each other in one org. */
const batch = 25;
const rounds = 3;
const minuteMs = 60_000;
const batches = Array.from({ length: Math.ceil(seeds / batch) }, (_, index) => ({ first: firstSeed + index * batch, count: Math.min(batch, seeds - index * batch) }));
const faults = [
  { status: 500, body: 'gone' }, 'reset' as const, { afterBytes: 40 }, { truncateRows: 1 },
  { status: 400, headers: { 'content-type': 'application/json' }, body: '[{"message":"Your query request was running for too long.","errorCode":"QUERY_TIMEOUT"}]' },
];

let ingest: IngestHarness;

beforeAll(async () => {
  ingest = await IngestHarness.start({ size: 'empty' });
  await ingest.startService();
  await ingest.firstRun();
});

afterAll(async () => {
  await ingest?.stop();
});

it.each(batches)('after the dust settles the warehouse equals the source in every row and field: seeds $first and $count in all', async ({ first, count }) => {
  const { simulator } = ingest;
  const { clock, settings } = simulator;
  const random = randomOf(first);
  const objects = Array.from({ length: count }, (_, index) => RandomObject.create(simulator, first + index));
  const before = await ingest.finishedRun();
  await ingest.ask(putSelection, { connectionId, selection: Selection.parse({ objects: objects.map(({ name }) => ({ name })) }) });
  await ingest.finishedRun(before.id);
  for (let round = 0; round < rounds; round += 1) {
    settings.commitDelayMs = random() < 0.5 ? Math.floor(random() * 9) * minuteMs : 0;
    for (const object of objects) object.change();
    settings.commitDelayMs = 0;
    if (random() < 0.5) clock.advance(Math.floor(random() * 20) * minuteMs);
    const fault = faults[Math.floor(random() * faults.length)];
    if (fault !== undefined && random() < 0.6) simulator.faults.add({ match: { path: /queryAll$|results$/, nth: 1 + Math.floor(random() * count), times: 1 }, answer: fault });
    for (const object of objects) object.change();
    await ingest.nextRun();
    simulator.faults.clear();
  }
  // Late commits settle, nothing is doubted, and the weekly comparison is due.
  clock.advance(20 * minuteMs);
  await ingest.nextRun();
  await ingest.rows(`update ingest.delete_watch set sweep_due = true`);
  clock.advance(20 * minuteMs);
  await ingest.nextRun();
  const end = await ingest.nextRun();
  const differences: string[] = [];
  for (const { name } of objects) {
    differences.push(...(await ingest.differences(name)));
    const deleted = await ingest.rows<{ id: string; deleted: boolean }>(`select id, _deleted as deleted from ${schema}.${name.toLowerCase()}`);
    differences.push(...deleted.flatMap(({ id, deleted: gone }) => {
      const row = simulator.org.find(name, id);
      return gone === (row === undefined || row['IsDeleted'] === true) ? [] : [`${name} ${id} is ${gone ? '' : 'not '}marked as deleted`];
    }));
  }
  expect(differences).toEqual([]);
  expect(end).toMatchObject({ status: 'complete', reasons: [] });
}, 300_000);
