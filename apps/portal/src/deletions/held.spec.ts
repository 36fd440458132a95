import type { HeldDeletions, ObjectDeletions } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { heldOf, leastSureFirst, lookOf } from './held.ts';

const rows: HeldDeletions = { rows: 20, storedRows: 99, foundAt: '2026-11-03T09:00:00.000Z', confirmedAt: null, examples: [] };
const anObject = (object: string, confidence: ObjectDeletions['confidence'], part: Partial<ObjectDeletions> = {}): ObjectDeletions => ({ object, label: object, sources: [], confidence, cause: 'listed', because: '', comparedAt: null, outcome: null, held: null, ...part });

it('lists what is least sure first and keeps the order of value otherwise', () => {
  const objects = [anObject('Account', 'high'), anObject('Lead', 'medium'), anObject('Contact', 'high'), anObject('Task', 'low', { held: rows }), anObject('Case', 'low')];
  expect(leastSureFirst(objects).map(({ object }) => object)).toEqual(['Task', 'Case', 'Lead', 'Account', 'Contact']);
  expect(heldOf(objects).map(({ object, held }) => [object, held.rows])).toEqual([['Task', 20]]);
});

it('does not warn of an object that was not read whole yet', () => {
  expect(lookOf({ confidence: 'low', cause: 'not-loaded' }).tone).toBe('off');
  expect(lookOf({ confidence: 'low', cause: 'gap' }).tone).toBe('warn');
});
