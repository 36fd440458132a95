import { aDisturbance, aRun, deed, starts } from './draws.harness.ts';
import { Random } from './random.harness.ts';
import { fieldTypes, type Act, type Change, type Disturbance, type Scenario, type ScenarioObject, type Step } from './scenario.harness.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const names = ['Parent__c', 'Child__c', 'Grandchild__c', 'Loose__c'] as const;
/** Time between what people do; whole days are seldom. */
const pauses = [minuteMs, 10 * minuteMs, 14 * minuteMs, 25 * minuteMs, 31 * minuteMs, hourMs, hourMs, 2 * hourMs, 5 * hourMs, dayMs, 8 * dayMs, 20 * dayMs] as const;
const intervals = [null, null, 600, 1_800, 3_600, 5_400, 4 * 3_600, 86_400] as const;

/** Several objects that point to each other, read by a schedule that people change, while their fields and their permissions change. The draws stay as they are, so that a seed always means the same. */
export function manyObjects(seed: number): Scenario {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const org: Scenario['org'] = {
    now: random.one(starts), headerAheadMs: random.weighted([[6, 0], [1, 900], [1, -2_500]]), queryPageRows: random.one([2, 5, 2_000, 2_000]), replicationLagMs: random.weighted([[4, 0], [1, 3 * minuteMs]]),
  };
  const objects: Scenario['objects'] = [anObject(random, 0), ...([1, 2, 3] as const).map((index) => anObject(random, index))];
  const rounds = 3 + random.below(4);
  const steps: Step[] = [];
  for (let round = 0; round < rounds; round += 1) {
    steps.push(...changes(random, 2 + random.below(6)));
    if (random.chance(0.6)) steps.push(...random.times(1 + random.below(2), () => anAct(random)));
    steps.push(random.chance(0.45) ? { ...aRun(random, (count) => changes(random, count)), ...takenOver(random) } : aPause(random));
  }
  return { seed, org, objects, isScheduled: true, steps };
}

function anObject(random: Random, index: 0 | 1 | 2 | 3): ScenarioObject {
  const isLoose = index === 3;
  const rows = random.weighted([[1, 0], [5, 1 + random.below(14)], [3, 15 + random.below(25)]]);
  const [binless, isStampless] = [random.chance(isLoose ? 0.5 : 0.1), random.chance(isLoose ? 0.5 : 0.12)];
  return {
    name: names[index], keyPrefix: `a0${'PCGL'.charAt(index)}`, parent: names[Math.max(0, isLoose ? random.below(4) : index - 1)] ?? names[0], showsGrandparent: index === 2 || random.chance(0.3),
    replicateable: random.chance(0.7), bulkRefused: random.chance(0.2), binless, hidden: isStampless ? random.one([['SystemModstamp'], ['SystemModstamp', 'LastModifiedDate', 'CreatedDate']] as const) : [],
    fields: ['string', 'boolean', ...random.times(1 + random.below(3), () => random.one(fieldTypes))], rows, oneStamp: random.chance(0.3),
  };
}

function changes(random: Random, count: number): Change[] {
  return random.times(count, () => {
    const on = random.one(names);
    const field = random.share();
    return { on, ...random.weighted([[12, deed(random)], [1, { do: 'rename field', field, toOld: random.chance(0.4) } as const], [0.5, { do: 'grow picklist', field } as const]]) };
  });
}

function anAct(random: Random): Act {
  const chosen = names.filter(() => random.chance(0.75));
  const on = random.one(names);
  return random.weighted<Act>([
    [6, aSchedule(random)], [2, { do: 'pause' }], [2, { do: 'resume', ...disturbance(random) }], [3, { do: 'select', objects: chosen, ...disturbance(random) }], [2, { do: 'select', objects: names, ...disturbance(random) }],
    [2, { do: 'decide', decision: random.one(['copy', 'ignore']), ...disturbance(random) }], [2, { do: 'calls left', calls: random.below(60) }], [2, { do: 'calls left', calls: null }], [2, { do: 'forbid', on }], [2, { do: 'allow', on }],
  ]);
}

function aSchedule(random: Random): Act {
  return {
    do: 'schedule', intervalSeconds: random.one(intervals), newFields: random.weighted([[4, 'copy'], [2, 'ask'], [1, 'ignore']]),
    objects: names.filter(() => random.chance(0.5)).map((name) => ({ name, intervalSeconds: random.one(intervals), priority: random.one(['first', 'normal', 'last']), paused: random.chance(0.25) })),
  };
}

function aPause(random: Random): Act {
  return { do: 'pass', ms: random.one(pauses), ...disturbance(random) };
}

function disturbance(random: Random): Disturbance {
  return random.chance(0.5) ? { troubles: [], meanwhile: [], failedJobs: [], noJobsLeft: false } : { ...aDisturbance(random, (count) => changes(random, count)), ...takenOver(random) };
}

function takenOver(random: Random): Pick<Disturbance, 'takenOver'> {
  return random.chance(0.25) ? { takenOver: random.times(1 + random.below(2), () => ({ at: random.one(['any', 'query', 'next page', 'job state', 'result page', 'describe', 'deletions'] as const), nth: 1 + random.below(8) })) } : {};
}
