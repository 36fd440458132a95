import type { Scenario, Step } from './scenario.harness.ts';

/** A scenario that fails as well with as few steps as can be found by leaving some out. @param fails whether a scenario shows the fault */
export async function shrunk(scenario: Scenario, fails: (candidate: Scenario) => Promise<boolean>): Promise<Scenario> {
  let smallest = scenario;
  for (let size = Math.ceil(smallest.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < smallest.steps.length; ) {
      const candidate = { ...smallest, steps: smallest.steps.toSpliced(from, size) };
      if (await fails(candidate)) smallest = candidate;
      else from += size;
    }
  }
  for (const [index, step] of smallest.steps.entries()) {
    for (const plainer of plainerSteps(step)) {
      const candidate = { ...smallest, steps: smallest.steps.with(index, plainer) };
      if (JSON.stringify(candidate) !== JSON.stringify(smallest) && (await fails(candidate))) smallest = candidate;
    }
  }
  return smallest;
}

/** The same with less going on. */
function plainerSteps(step: Step): Step[] {
  if (!('troubles' in step)) return [];
  const { takenOver, ...rest } = step;
  const quiet: Step = { ...rest, troubles: [], meanwhile: [], failedJobs: [], noJobsLeft: false, ...('sweep' in rest ? { sweep: false } : {}) };
  return [quiet, { ...quiet, troubles: step.troubles }, { ...quiet, meanwhile: step.meanwhile }, { ...quiet, failedJobs: step.failedJobs }, ...(takenOver === undefined ? [] : [{ ...quiet, takenOver }])];
}
