import { manyObjects } from './many-objects.harness.ts';
import { oneObject } from './one-object.harness.ts';
import type { Scenario } from './scenario.harness.ts';

/** From here on a seed means an org of several objects with a schedule; below, one object that is read by hand. */
export const firstOfMany = 1_000_000;

export function scenarioOf(seed: number): Scenario {
  return seed < firstOfMany ? oneObject(seed) : manyObjects(seed);
}
