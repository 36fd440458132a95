/** What an org allows in 24 hours, and the shares of it Tributary may use. */
export interface BudgetRules {
  /** Of the org's limit, counting everybody's calls. */
  readonly totalShare: number;
  /** Of the org's limit, in one run. */
  readonly runShare: number;
}

export const usualRules: BudgetRules = { totalShare: 0.8, runShare: 0.25 };

export type BudgetVerdict = { readonly kind: 'room' } | { readonly kind: 'reserved'; readonly ceiling: number } | { readonly kind: 'run-used'; readonly ceiling: number };

/** Calls after which Tributary leaves the rest of the org's daily limit to other tools. */
export function ceilingOf(limit: number, totalShare = usualRules.totalShare): number {
  return Math.floor(limit * totalShare);
}

/** Whether another call may be made. @param usage of the whole org in 24 hours @param runCalls made by this run */
export function budgetVerdict({ used, limit }: { readonly used: number; readonly limit: number }, runCalls: number, { totalShare, runShare }: BudgetRules): BudgetVerdict {
  const total = ceilingOf(limit, totalShare);
  if (used >= total) return { kind: 'reserved', ceiling: total };
  const ofRun = Math.max(1, Math.floor(limit * runShare));
  return runCalls >= ofRun ? { kind: 'run-used', ceiling: ofRun } : { kind: 'room' };
}

/**
 * Calls one object needs in a run at least: a count, a reading and a question for deletions. One that is read for the first time is described
 * and its cursor field probed as well, and its deletions are asked for only later.
 */
export function callsOfObject(isKnown: boolean): number {
  return isKnown ? 3 : 4;
}

/** Takes objects in their order of value as long as their calls fit; what comes after the first that does not fit is left out with it. */
export function affordable<T>(byValue: readonly T[], callsOf: (item: T) => number, callsLeft: number): { readonly taken: T[]; readonly left: T[] } {
  let sum = 0;
  const fits = byValue.findIndex((item) => (sum += callsOf(item)) > callsLeft);
  return fits === -1 ? { taken: [...byValue], left: [] } : { taken: byValue.slice(0, fits), left: byValue.slice(fits) };
}
