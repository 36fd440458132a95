import type { Random } from './random.harness.ts';
import { fieldTypes, mishaps, places, promisedMs, type Deed, type Disturbance, type RunStep, type Trouble } from './scenario.harness.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Seconds, minutes, days and years about to end, and the last hour of a summer's time. */
export const starts = ['2026-03-10T10:00:00.000Z', '2026-03-10T10:00:00.001Z', '2026-03-10T10:59:59.999Z', '2026-12-31T23:59:30.500Z', '2028-02-29T23:50:00.000Z', '2026-10-25T00:45:12.345Z'] as const;
/** At the edges of what is read again: ten minutes to settle and fifteen of overlap, less what clocks may differ. The last ones only a comparison of all Ids can find. */
export const delays = [0, secondMs, 59 * secondMs, 9 * minuteMs, 10 * minuteMs, 10 * minuteMs + secondMs, 16 * minuteMs, promisedMs, promisedMs, 3 * hourMs] as const;
export const waits = [1, 400, 999, secondMs, 30 * secondMs, minuteMs, 5 * minuteMs, 10 * minuteMs, 14 * minuteMs, 25 * minuteMs, 3 * hourMs] as const;

export function deeds(random: Random, count: number): Deed[] {
  return random.times(count, () => deed(random));
}

export function deed(random: Random): Deed {
  const row = random.share();
  const values = random.below(1_000_000_000);
  const some = random.weighted([[6, 1], [2, 2 + random.below(4)], [1, 20 + random.below(30)]]);
  const type = random.one(fieldTypes);
  const field = random.share();
  return random.weighted<Deed>([
    [24, { do: 'insert', count: some, values }], [28, { do: 'update', row, count: some, values }], [9, { do: 'delete', row, count: some }], [8, { do: 'undelete', row, count: some }],
    [7, { do: 'purge', row, count: 1 + random.below(2) }], [5, { do: 'merge', winner: row, loser: random.share(), values }], [9, { do: 'commit later', ms: random.one(delays) }], [8, { do: 'wait', ms: random.one(waits) }],
    [4, { do: 'add field', type, values: random.chance(0.5) ? values : null }], [3, { do: 'remove field', field }], [3, { do: 'bring field back', field }], [3, { do: 'hide field', field }], [3, { do: 'show field', field }],
    [3, { do: 'retype field', field, type, values }], [1, { do: 'hide cursor' }], [1, { do: 'show cursor' }], [1, { do: 'trim delete log' }],
  ]);
}

/** Whatever happens at Salesforce while a run reads is drawn by `changes`. */
export function aRun(random: Random, changes = (count: number): readonly Deed[] => deeds(random, count)): RunStep {
  return { do: 'run', ...aDisturbance(random, changes), sweep: random.chance(0.12) };
}

export function aDisturbance(random: Random, changes: (count: number) => readonly Deed[]): Disturbance {
  return {
    troubles: random.chance(0.55) ? random.times(1 + random.below(2), () => trouble(random)) : [],
    meanwhile: random.chance(0.4) ? random.times(1 + random.below(2), () => ({ at: random.one(['query', 'query', 'next page', 'job made', 'job state', 'result page', 'describe', 'deletions'] as const), nth: 1 + random.below(3), changes: changes(1 + random.below(3)) })) : [],
    failedJobs: random.chance(0.15) ? random.times(1 + random.below(3), () => random.one(['timeout', 'timeout', 'unexpected', 'silent'])) : [], noJobsLeft: random.chance(0.04),
  };
}

function trouble(random: Random): Trouble {
  return { at: random.one(places), nth: 1 + random.below(4), times: random.weighted([[5, 1], [1, 3]]), what: random.one(mishaps) };
}
