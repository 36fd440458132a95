import type { HeldDeletions, ObjectDeletions } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { bySureness, heldOf, lookOf } from './held.ts';

const rows: HeldDeletions = { rows: 20, storedRows: 99, foundAt: '2026-11-03T09:00:00.000Z', confirmedAt: null, examples: [] };
const anObject = (object: string, confidence: ObjectDeletions['confidence'], part: Partial<ObjectDeletions> = {}): ObjectDeletions => ({ object, label: object, sources: [], confidence, cause: 'listed', because: '', comparedAt: null, outcome: null, held: null, ...part });

it('puts together what is equally sure, least sure first, and keeps the order of value within', () => {
  const objects = [anObject('Account', 'high'), anObject('Lead', 'medium', { cause: 'not-listed' }), anObject('Contact', 'high'), anObject('Task', 'low', { cause: 'held', held: rows }), anObject('Case', 'low', { cause: 'gap' }), anObject('Period', 'high', { cause: 'read-whole' })];
  expect(bySureness(objects).map(({ cause, confidence, objects: those }) => [cause, confidence, ...those.map(({ object }) => object)])).toEqual([
    ['held', 'low', 'Task'], ['gap', 'low', 'Case'], ['not-listed', 'medium', 'Lead'], ['listed', 'high', 'Account', 'Contact'], ['read-whole', 'high', 'Period'],
  ]);
  expect(heldOf(objects).map(({ object, held }) => [object, held.rows])).toEqual([['Task', 20]]);
});

it('does not warn of an object that was not read whole yet', () => {
  expect(lookOf({ confidence: 'low', cause: 'not-loaded' }).tone).toBe('off');
  expect(lookOf({ confidence: 'low', cause: 'gap' }).tone).toBe('warn');
});
