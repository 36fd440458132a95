import type { SalesforceCallList, SalesforceCallRecord } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { mergedCalls } from './merged-calls.ts';

const idOf = (n: number): string => `0199aa00-0000-7000-8000-${String(n).padStart(12, '0')}`;

function aCall(n: number): SalesforceCallRecord {
  return { id: idOf(n), at: '2026-11-01T00:00:00.000Z', method: 'GET', path: '/', purpose: 'query', object: null, runId: null, rows: null, status: 200, ms: 1, apiUsed: null, countsAgainstLimit: true };
}

/** What a service that keeps the calls of these numbers answers. */
function pageOf(numbers: readonly number[], limit: number, before: string | null): SalesforceCallList {
  const older = numbers.map(aCall).filter(({ id }) => before === null || id < before).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const calls = older.slice(0, limit);
  return { calls, before: older.length > limit ? (calls.at(-1)?.id ?? null) : null, keptDays: 14, keptCalls: null };
}

it.each([1, 2, 3, 4, 50])('gives every call of two lists once and in order, in pages of %i', (limit) => {
  const [ones, others] = [[1, 4, 5, 6, 11], [2, 3, 7, 8, 9, 10, 12]];
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page = mergedCalls([pageOf(ones, limit, before), pageOf(others, limit, before)], limit);
    expect(page.calls.length).toBeLessThanOrEqual(limit);
    seen.push(...page.calls.map(({ id }) => id));
    ({ before } = page);
  } while (before !== null);
  expect(seen).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(idOf));
});

it('says that the end is reached exactly when neither list goes on', () => {
  expect([mergedCalls([pageOf([1], 2, null), pageOf([2], 2, null)], 2).before, mergedCalls([pageOf([1, 3], 2, null), pageOf([2], 2, null)], 2).before]).toEqual([null, idOf(2)]);
});
