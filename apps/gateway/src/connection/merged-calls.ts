import type { SalesforceCallList } from '@tributary/api-contracts';

/** One page of several lists, newest first. An id is a place in each of them, so that the last one shown is where all of them go on. */
export function mergedCalls(lists: readonly [SalesforceCallList, ...SalesforceCallList[]], limit: number): SalesforceCallList {
  const all = lists.flatMap(({ calls }) => calls).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const calls = all.slice(0, limit);
  const goesOn = all.length > limit || lists.some(({ before }) => before !== null);
  return { ...lists[0], calls, before: goesOn ? (calls.at(-1)?.id ?? null) : null };
}
