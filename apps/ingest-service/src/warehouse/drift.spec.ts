import { expect, it } from 'vitest';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { columnChanges, fieldDrift, newlyCopied } from './drift.ts';

/** The plan of an object with fields given as name → Salesforce type. */
function aPlan(fields: Record<string, string>): ColumnPlan {
  const describe = Object.entries({ Id: 'id', ...fields }).map(([name, type]) => ({ name, type, label: name, custom: false, calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false }));
  const plan = planColumns({ name: 'Case', label: 'Case', custom: false, queryable: true, retrieveable: true, replicateable: true, fields: describe }, null);
  if (plan === undefined) throw new Error('an object with an Id has a plan');
  return plan;
}

it('names fields added, removed and retyped since the last describe', () => {
  const known = [{ field: 'Id', type: 'id', isCopied: true }, { field: 'Gone__c', type: 'string', isCopied: true }, { field: 'Size__c', type: 'int', isCopied: true }];
  expect(fieldDrift(known, aPlan({ Size__c: 'double', New__c: 'string' }))).toEqual({ added: ['New__c'], removed: ['Gone__c'], retyped: [{ field: 'Size__c', from: 'int', to: 'double' }] });
});

it('names fields that are copied from now on, also those that were known and not copied', () => {
  const known = [{ field: 'Id', type: 'id', isCopied: true }, { field: 'Left__c', type: 'string', isCopied: false }, { field: 'Size__c', type: 'int', isCopied: true }];
  expect(newlyCopied(known, aPlan({ Size__c: 'int', Left__c: 'string', New__c: 'string' }))).toEqual(['Left__c', 'New__c']);
});

it('adds, widens or replaces columns, and keeps the values of a replaced one', () => {
  const plan = aPlan({ New__c: 'string', Size__c: 'double', Note__c: 'string', When__c: 'date' });
  const present = new Map([['id', 'text'], ['size__c', 'bigint'], ['note__c', 'boolean'], ['when__c', 'text'], ['when__c_was_text', 'text']] as const);
  expect(columnChanges(plan, present).map(({ kind, column, ...more }) => [kind, column.column, more])).toEqual([
    ['add', 'new__c', {}], ['widen', 'size__c', {}], ['widen', 'note__c', {}], ['replace', 'when__c', { keptAs: 'when__c_was_text_2' }],
  ]);
});

it('finds changes by the best stamp that can be filtered', () => {
  expect(aPlan({ CreatedDate: 'datetime', LastModifiedDate: 'datetime' }).cursor?.field).toBe('LastModifiedDate');
  expect(aPlan({ Name: 'string' }).cursor).toBeUndefined();
});

it('copies parts of compounds instead of compounds, and never file contents', () => {
  const plan = aPlan({ BillingAddress: 'address', BillingCity: 'string', Body: 'base64' });
  expect(plan.columns.map(({ column }) => column)).toEqual(['id', 'billingcity']);
  expect(plan.excluded.map(({ field }) => field.name)).toEqual(['BillingAddress', 'Body']);
});
