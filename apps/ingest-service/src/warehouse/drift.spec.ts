import type { FieldDescribe } from '@tributary/salesforce-client';
import { describe, expect, it } from 'vitest';
import { planColumns, type ColumnPlan } from '../describe/column-plan.ts';
import { columnChanges, fieldDrift, hasDrift, newlyCopied, type FieldDrift } from './drift.ts';
import type { KnownField, KnownFields } from './field-catalogue.ts';
import { noEvidence, type FieldEvidence } from './field-fate.ts';

const aField = (name: string, type: string): FieldDescribe => ({ name, type, label: name, custom: name.endsWith('__c'), calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false });

function planOf(fields: readonly FieldDescribe[]): ColumnPlan {
  const plan = planColumns({ name: 'Case', label: 'Case', custom: false, queryable: true, retrieveable: true, replicateable: true, fields: [aField('Id', 'id'), ...fields] }, null);
  if (plan === undefined) throw new Error('an object with an Id has a plan');
  return plan;
}

/** The plan of an object with fields given as name → Salesforce type. */
const aPlan = (types: Record<string, string>): ColumnPlan => planOf(Object.entries(types).map(([name, type]) => aField(name, type)));

const known = (field: string, more: Partial<KnownField> = {}): KnownField => ({ field, type: 'string', isCopied: true, durableId: null, picklist: null, ...more });
const fields = (...present: KnownField[]): KnownFields => ({ present: [known('Id', { type: 'id' }), ...present], gone: [] });
const listing = (ids: Record<string, string>, permitted?: readonly string[]): FieldEvidence => ({ ids: new Map(Object.entries(ids)), permitted: permitted === undefined ? undefined : new Set(permitted) });
const none = { added: [], removed: [], hidden: [], vanished: [], renamed: [], retyped: [], picklists: [], remade: [] };

it('names fields added, retyped and not seen any more since the last describe', () => {
  expect(fieldDrift(fields(known('Gone__c'), known('Size__c', { type: 'int' })), aPlan({ Size__c: 'double', New__c: 'string' }), noEvidence))
    .toMatchObject({ ...none, added: ['New__c'], vanished: ['Gone__c'], retyped: [{ field: 'Size__c', from: 'int', to: 'double' }] });
});

describe('a field that is not described any more', () => {
  const gone = known('Gone__c', { durableId: 'Case.1' });
  const plan = aPlan({ Seen__c: 'string' });
  const seen = known('Seen__c', { durableId: 'Case.2' });
  it.each<[string, Partial<FieldDrift>, FieldEvidence]>([
    ['is hidden when the setup lists it', { hidden: ['Gone__c'] }, listing({ Gone__c: 'Case.1', Seen__c: 'Case.2' })],
    ['is hidden when somebody may read it', { hidden: ['Gone__c'] }, listing({ Seen__c: 'Case.2' }, ['Gone__c', 'Seen__c'])],
    ['is removed when another field has its name', { removed: ['Gone__c'] }, listing({ Gone__c: 'Case.9', Seen__c: 'Case.2' })],
    ['is removed when the setup lists what this user does not see, and not this', { removed: ['Gone__c'] }, listing({ Other__c: 'Case.3', Seen__c: 'Case.2' })],
    ['is removed when permissions are told and nobody has one for it', { removed: ['Gone__c'] }, listing({}, ['Seen__c'])],
    ['has vanished when the setup lists only what this user sees', { vanished: ['Gone__c'] }, listing({ Seen__c: 'Case.2' })],
    ['has vanished when no permission at all is told', { vanished: ['Gone__c'] }, listing({}, [])],
    ['has vanished when nothing is told', { vanished: ['Gone__c'] }, noEvidence],
    ['was renamed and hidden when its id is listed under a name this user does not see', { hidden: ['Gone__c'] }, listing({ Other__c: 'Case.1', Seen__c: 'Case.2' })],
  ])('%s', (_case, drift, evidence) => {
    expect(fieldDrift(fields(gone, seen), plan, evidence)).toMatchObject({ ...none, ...drift });
  });

  it('is renamed when its id has another name now', () => {
    expect(fieldDrift(fields(gone), plan, listing({ Seen__c: 'Case.1' }))).toMatchObject({ ...none, renamed: [{ from: 'Gone__c', to: 'Seen__c' }] });
  });

  it('of the standard is never taken for removed: features of the org bring it and take it', () => {
    expect(fieldDrift(fields(known('CurrencyIsoCode'), seen), plan, listing({ Other__c: 'Case.3', Seen__c: 'Case.2' }, ['Seen__c']))).toMatchObject({ ...none, vanished: ['CurrencyIsoCode'] });
  });

  it('is judged again later, and never less sure than before', () => {
    const before = (fate: 'hidden' | 'vanished'): KnownFields => ({ present: [known('Id', { type: 'id' }), seen], gone: [{ field: 'Gone__c', durableId: 'Case.1', fate }] });
    expect(fieldDrift(before('vanished'), plan, listing({ Gone__c: 'Case.1', Seen__c: 'Case.2' }))).toMatchObject({ ...none, hidden: ['Gone__c'] });
    expect(fieldDrift(before('hidden'), plan, listing({ Other__c: 'Case.3', Seen__c: 'Case.2' }))).toMatchObject({ ...none, removed: ['Gone__c'] });
    expect(fieldDrift(before('hidden'), plan, noEvidence)).toMatchObject(none);
    expect(hasDrift(fieldDrift(before('hidden'), plan, listing({ Gone__c: 'Case.1', Seen__c: 'Case.2' })))).toBe(false);
  });
});

it('tells a field that was made anew under its old name, unless all ids changed with a release', () => {
  const before = fields(known('A__c', { durableId: 'Case.1' }), known('B__c', { durableId: 'Case.2' }));
  const plan = aPlan({ A__c: 'string', B__c: 'string' });
  expect(fieldDrift(before, plan, listing({ A__c: 'Case.1', B__c: 'Case.3' }))).toMatchObject({ ...none, added: ['B__c'], removed: ['B__c'], remade: ['B__c'] });
  expect(hasDrift(fieldDrift(before, plan, listing({ A__c: 'Case.8', B__c: 'Case.9' })))).toBe(false);
});

it('tells values a picklist offers anew, and those it does not offer any more', () => {
  const plan = planOf([{ ...aField('Tier__c', 'picklist'), picklistValues: [{ value: 'Gold', active: true }, { value: 'Silver', active: false }, { value: 'Iron', active: true }] }]);
  expect(fieldDrift(fields(known('Tier__c', { type: 'picklist', picklist: ['Gold', 'Silver'] })), plan, noEvidence)).toMatchObject({ ...none, picklists: [{ field: 'Tier__c', added: ['Iron'], removed: ['Silver'] }] });
  expect(hasDrift(fieldDrift(fields(known('Tier__c', { type: 'picklist' })), plan, noEvidence))).toBe(false);
});

it('names fields that are copied from now on, also those that were known and not copied, and those made anew', () => {
  const present = [known('Id'), known('Left__c', { isCopied: false }), known('Size__c'), known('Again__c')];
  expect(newlyCopied(present, aPlan({ Size__c: 'int', Left__c: 'string', New__c: 'string', Again__c: 'string' }), { remade: ['Again__c'] })).toEqual(['Left__c', 'New__c', 'Again__c']);
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
