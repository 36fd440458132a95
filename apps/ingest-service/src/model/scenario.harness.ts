import { Random } from './random.harness.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Types a field of a scenario may have. */
export const fieldTypes = ['string', 'textarea', 'currency', 'double', 'int', 'boolean', 'date', 'datetime', 'time', 'picklist', 'multipicklist', 'email', 'reference'] as const;
export type ScenarioType = (typeof fieldTypes)[number];

/** Something that happens at Salesforce. Shares pick rows and values: what they pick follows from the rows there are, so that a step may be left out without breaking the others. */
export type Change =
  | { readonly do: 'insert'; readonly count: number; readonly values: number }
  | { readonly do: 'update'; readonly row: number; readonly count: number; readonly values: number }
  | { readonly do: 'delete' | 'undelete' | 'purge'; readonly row: number; readonly count: number }
  | { readonly do: 'merge'; readonly winner: number; readonly loser: number; readonly values: number }
  /** Later changes become visible so much after their stamp. */
  | { readonly do: 'commit later'; readonly ms: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** `values`: existing rows get values without a new stamp; null leaves them empty. */
  | { readonly do: 'add field'; readonly type: ScenarioType; readonly values: number | null }
  | { readonly do: 'remove field' | 'bring field back' | 'hide field' | 'show field'; readonly field: number }
  /** Another type, with the values converted without a new stamp. */
  | { readonly do: 'retype field'; readonly field: number; readonly type: ScenarioType; readonly values: number }
  | { readonly do: 'hide cursor' | 'show cursor' | 'trim delete log' };

/** What goes wrong between Salesforce and a run. */
export interface Trouble {
  readonly at: Place;
  /** The n-th such call of the run, and how many from there on. */
  readonly nth: number;
  readonly times: number;
  readonly what: Mishap;
}

export const places = ['any', 'objects', 'describe', 'query', 'next page', 'job made', 'job state', 'result page', 'deletions'] as const;
export type Place = (typeof places)[number];
export const mishaps = ['500', '401', '404', 'reset', 'answer lost', 'cut', 'rows left out', 'half a body', 'query timeout', 'cursor lost', 'nothing'] as const;
export type Mishap = (typeof mishaps)[number];

export interface RunStep {
  readonly do: 'run';
  readonly troubles: readonly Trouble[];
  /** Changes while the run reads, after the n-th call of a kind was answered. */
  readonly meanwhile: readonly { readonly at: Place; readonly nth: number; readonly changes: readonly Change[] }[];
  /** Exports that Salesforce fails, in order. */
  readonly failedJobs: readonly ('timeout' | 'unexpected' | 'silent')[];
  readonly noJobsLeft: boolean;
  /** The weekly comparison of all Ids is due. */
  readonly sweep: boolean;
}

export type Step = Change | RunStep;

/** One object of one org and all that happens to it: everything follows from the seed. */
export interface Scenario {
  readonly seed: number;
  readonly org: {
    readonly now: string;
    /** What the `Date` header is ahead of the org's clock. */
    readonly headerAheadMs: number;
    readonly replicateable: boolean;
    readonly bulkRefused: boolean;
    /** Audit fields that are hidden from the beginning, so that changes are found otherwise. */
    readonly hidden: readonly string[];
    readonly queryPageRows: number;
    readonly replicationLagMs: number;
    readonly fields: readonly ScenarioType[];
    readonly rows: number;
    /** Whether the first rows share one stamp. */
    readonly oneStamp: boolean;
  };
  readonly steps: readonly Step[];
}

/** Purged rows of a scenario: with more, the guard against lost permissions would rightly ask a person. */
export const mostPurged = 8;

export function scenarioOf(seed: number): Scenario {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const rows = random.weighted([[1, 0], [4, 1 + random.below(14)], [4, 15 + random.below(30)], [1, 45 + random.below(60)]]);
  const org: Scenario['org'] = {
    now: random.one(starts), headerAheadMs: random.weighted([[6, 0], [1, 900], [1, -900], [1, 2_500], [1, -2_500]]), replicateable: random.chance(0.7), bulkRefused: random.chance(0.15),
    hidden: random.weighted<readonly string[]>([[8, []], [1, ['SystemModstamp']], [2, ['SystemModstamp', 'LastModifiedDate', 'CreatedDate']]]),
    queryPageRows: random.one([2, 5, 9, 2_000]), replicationLagMs: random.weighted([[4, 0], [1, 3 * minuteMs]]),
    fields: ['string', 'currency', 'boolean', ...random.times(1 + random.below(4), () => random.one(fieldTypes))], rows, oneStamp: random.chance(0.3),
  };
  const rounds = 2 + random.below(4);
  const steps: Step[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (random.chance(0.25)) steps.push(...aLateCommit(random));
    steps.push(...changes(random, 1 + random.below(6)), ...settling(random), aRun(random));
  }
  return { seed, org, steps };
}

/** Seconds, minutes, days and years about to end, and the last hour of a summer's time. */
const starts = ['2026-03-10T10:00:00.000Z', '2026-03-10T10:00:00.001Z', '2026-03-10T10:59:59.999Z', '2026-12-31T23:59:30.500Z', '2028-02-29T23:50:00.000Z', '2026-10-25T00:45:12.345Z'] as const;

function changes(random: Random, count: number): Change[] {
  return random.times(count, () => change(random));
}

function change(random: Random): Change {
  const row = random.share();
  const values = random.below(1_000_000_000);
  const some = random.weighted([[6, 1], [2, 2 + random.below(4)], [1, 20 + random.below(30)]]);
  const type = random.one(fieldTypes);
  const field = random.share();
  return random.weighted<Change>([
    [24, { do: 'insert', count: some, values }], [28, { do: 'update', row, count: some, values }], [9, { do: 'delete', row, count: some }], [8, { do: 'undelete', row, count: some }],
    [7, { do: 'purge', row, count: 1 + random.below(2) }], [5, { do: 'merge', winner: row, loser: random.share(), values }], [9, { do: 'commit later', ms: random.one(delays) }], [8, { do: 'wait', ms: random.one(waits) }],
    [4, { do: 'add field', type, values: random.chance(0.5) ? values : null }], [3, { do: 'remove field', field }], [3, { do: 'bring field back', field }], [3, { do: 'hide field', field }], [3, { do: 'show field', field }],
    [3, { do: 'retype field', field, type, values }], [1, { do: 'hide cursor' }], [1, { do: 'show cursor' }], [1, { do: 'trim delete log' }],
  ]);
}

/** At the edges of what is read again: ten minutes to settle and fifteen of overlap, less what clocks may differ. The last ones only a comparison of all Ids can find. */
const delays = [0, secondMs, 59 * secondMs, 9 * minuteMs, 10 * minuteMs, 10 * minuteMs + secondMs, 16 * minuteMs, 24 * minuteMs, 24 * minuteMs, 3 * hourMs] as const;
/** Changes that show up later than this are no promise of the increment. */
export const promisedMs = 24 * minuteMs;

const waits = [1, 400, 999, secondMs, 30 * secondMs, minuteMs, 5 * minuteMs, 10 * minuteMs, 14 * minuteMs, 25 * minuteMs, 3 * hourMs] as const;

/** Changes that become visible long after their stamp, with runs before and after. */
function aLateCommit(random: Random): Step[] {
  const pause = (): Step => ({ do: 'wait', ms: random.one([secondMs, 9 * minuteMs, 11 * minuteMs, 16 * minuteMs]) });
  return [{ do: 'commit later', ms: random.one(delays) }, ...changes(random, 1 + random.below(3)), { do: 'commit later', ms: 0 }, pause(), aRun(random), pause(), aRun(random)];
}

function settling(random: Random): Step[] {
  return random.chance(0.6) ? [{ do: 'wait', ms: random.one(waits) }] : [];
}

function aRun(random: Random): RunStep {
  return {
    do: 'run', troubles: random.chance(0.55) ? random.times(1 + random.below(2), () => trouble(random)) : [],
    meanwhile: random.chance(0.4) ? random.times(1 + random.below(2), () => ({ at: random.one(['query', 'query', 'next page', 'job made', 'job state', 'result page', 'describe', 'deletions'] as const), nth: 1 + random.below(3), changes: changes(random, 1 + random.below(3)) })) : [],
    failedJobs: random.chance(0.15) ? random.times(1 + random.below(3), () => random.one(['timeout', 'timeout', 'unexpected', 'silent'])) : [], noJobsLeft: random.chance(0.04), sweep: random.chance(0.12),
  };
}

function trouble(random: Random): Trouble {
  return { at: random.one(places), nth: 1 + random.below(4), times: random.weighted([[5, 1], [1, 3]]), what: random.one(mishaps) };
}
