import { aRun, deeds, delays, starts, waits } from './draws.harness.ts';
import { Random } from './random.harness.ts';
import { fieldTypes, type Scenario, type Step } from './scenario.harness.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** One object whose rows point to each other, read by hand. The draws stay as they are, so that a seed always means the same. */
export function oneObject(seed: number): Scenario {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const rows = random.weighted([[1, 0], [4, 1 + random.below(14)], [4, 15 + random.below(30)], [1, 45 + random.below(60)]]);
  const now = random.one(starts);
  const headerAheadMs = random.weighted([[6, 0], [1, 900], [1, -900], [1, 2_500], [1, -2_500]]);
  const [replicateable, bulkRefused] = [random.chance(0.7), random.chance(0.15)];
  const hidden = random.weighted<readonly string[]>([[8, []], [1, ['SystemModstamp']], [2, ['SystemModstamp', 'LastModifiedDate', 'CreatedDate']]]);
  const org: Scenario['org'] = { now, headerAheadMs, queryPageRows: random.one([2, 5, 9, 2_000]), replicationLagMs: random.weighted([[4, 0], [1, 3 * minuteMs]]) };
  const fields = ['string', 'currency', 'boolean', ...random.times(1 + random.below(4), () => random.one(fieldTypes))] as const;
  const oneStamp = random.chance(0.3);
  const rounds = 2 + random.below(4);
  const steps: Step[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (random.chance(0.25)) steps.push(...aLateCommit(random));
    steps.push(...deeds(random, 1 + random.below(6)), ...settling(random), aRun(random));
  }
  return {
    seed, org, objects: [{ name: 'Model__c', keyPrefix: 'a0M', parent: 'Model__c', showsGrandparent: false, replicateable, bulkRefused, binless: false, hidden, fields, rows, oneStamp }], isScheduled: false, steps,
  };
}

/** Changes that become visible long after their stamp, with runs before and after. */
function aLateCommit(random: Random): Step[] {
  const pause = (): Step => ({ do: 'wait', ms: random.one([secondMs, 9 * minuteMs, 11 * minuteMs, 16 * minuteMs]) });
  return [{ do: 'commit later', ms: random.one(delays) }, ...deeds(random, 1 + random.below(3)), { do: 'commit later', ms: 0 }, pause(), aRun(random), pause(), aRun(random)];
}

function settling(random: Random): Step[] {
  return random.chance(0.6) ? [{ do: 'wait', ms: random.one(waits) }] : [];
}
