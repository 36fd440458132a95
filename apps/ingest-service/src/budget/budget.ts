/** What an org allows in 24 hours, and the shares of it Tributary may use. */
export interface BudgetRules {
  /** Of the org's limit, counting everybody's calls. */
  readonly totalShare: number;
  /** Of the org's limit, in one run. */
  readonly runShare: number;
}

export const usualRules: BudgetRules = { totalShare: 0.8, runShare: 0.25 };

/** Calls after which Tributary leaves the rest of the org's daily limit to other tools. */
export function ceilingOf(limit: number, totalShare = usualRules.totalShare): number {
  return Math.floor(limit * totalShare);
}

/** Calls one run may make; one at least, so that it can be told why it has to stop. */
export function runCeilingOf(limit: number, runShare = usualRules.runShare): number {
  return Math.max(1, Math.floor(limit * runShare));
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
