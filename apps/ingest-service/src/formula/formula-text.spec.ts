import type { FieldDescribe } from '@tributary/salesforce-client';
import { expect, it } from 'vitest';
import { dependenceOf } from './dependence.ts';
import { readFormula } from './formula-text.ts';
import { hopsOf, KnownColumns } from './parent-path.ts';

const nothing = { own: [], paths: [], usesClock: false, outside: [] };

it.each([
  ['IF(ISPICKVAL(StageName, "Closed.Won"), Amount * 1.5e3, NULL)', { ...nothing, own: ['StageName', 'Amount'] }],
  ["TEXT(Account.Segment__c) & ' of /* ' & Account.Owner.Name /* Parent.Name */", { ...nothing, paths: ['Account.Segment__c', 'Account.Owner.Name'] }],
  ['Owner:User.Division & Ref__r.Deep__r.Value__c', { ...nothing, paths: ['Owner:User.Division', 'Ref__r.Deep__r.Value__c'] }],
  ['today () - DATEVALUE( CreatedDate )', { ...nothing, own: ['CreatedDate'], usesClock: true }],
  ['$System.OriginDateTime + HOUR(TIMENOW())', { ...nothing, usesClock: true }],
  ['IF($User.Id = OwnerId, CURRENCYRATE("EUR"), 0)', { ...nothing, own: ['OwnerId'], outside: ['$User.Id', 'CURRENCYRATE()'] }],
  ['"a \\" TODAY() " & Name', { ...nothing, own: ['Name'] }],
])('reads what %s refers to', (text, found) => {
  expect(readFormula(text)).toEqual(found);
});

function aField(name: string, formula?: string | null): FieldDescribe {
  return { name, label: name, type: 'string', custom: true, calculated: formula !== undefined, calculatedFormula: formula ?? null, filterable: true, nillable: true, deprecatedAndHidden: false };
}

it('tells on what a calculated field depends, through other formulas of its object', () => {
  const fields = [aField('Name'), aField('Own__c', 'UPPER(Name)'), aField('Age__c', 'TODAY() - Start__c'), aField('Start__c'), aField('Segment__c', 'TEXT(Account.Segment__c)'), aField('Twice__c', 'Segment__c & Segment__c'),
    aField('Late__c', 'IF(age__c > 3, Account.Name, "")'), aField('Sum__c', null), aField('Share__c', 'Sum__c / 2'), aField('Blind__c', 'Hidden__c'), aField('Round__c', 'Trip__c'), aField('Trip__c', 'Round__c & Name')];
  const told = fields.map((field) => dependenceOf('Deal', field, fields)).map((found) => found && [found.field, found.depends, found.paths.join()]);
  expect(told).toEqual([
    undefined, ['Own__c', 'row', ''], ['Age__c', 'clock', ''], undefined, ['Segment__c', 'parents', 'Account.Segment__c'], ['Twice__c', 'parents', 'Account.Segment__c'], ['Late__c', 'clock', 'Account.Name'], ['Sum__c', 'unknown', ''],
    ['Share__c', 'unknown', ''], ['Blind__c', 'unknown', ''], ['Round__c', 'row', ''], ['Trip__c', 'row', ''],
  ]);
  expect(dependenceOf('Deal', aField('Blind__c', 'Hidden__c'), fields)?.because).toBe('Blind__c depends on Hidden__c, which this user does not see.');
  expect(dependenceOf('Contract', aField('Status'), fields)?.depends).toBe('clock');
});

const known = new KnownColumns([
  { object: 'Deal', field: 'AccountId', column: 'accountid', referenceTo: ['Account'], relationshipName: 'Account' },
  { object: 'Deal', field: 'OwnerId', column: 'ownerid', referenceTo: ['Group', 'User'], relationshipName: 'Owner' },
  { object: 'Account', field: 'OwnerId', column: 'ownerid', referenceTo: ['User'], relationshipName: 'Owner' },
  { object: 'User', field: 'Name', column: 'name', referenceTo: [], relationshipName: null },
  { object: 'User', field: 'Title', column: null, referenceTo: [], relationshipName: null },
]);

it('follows a path parent by parent, and says where it ends', () => {
  const [toAccount, toUser] = [{ object: 'Deal', column: 'accountid' }, { object: 'Account', column: 'ownerid' }];
  expect(hopsOf('Deal', 'account.Owner.Name', known)).toEqual([{ object: 'Account', way: [toAccount], column: 'ownerid' }, { object: 'User', way: [toAccount, toUser], column: 'name' }]);
  expect(hopsOf('Deal', 'Owner:User.Name', known)).toEqual([{ object: 'User', way: [{ object: 'Deal', column: 'ownerid' }], column: 'name' }]);
  expect(['Owner.Name', 'Owner:User.Title', 'Campaign.Name'].map((path) => hopsOf('Deal', path, known))).toEqual(['Owner of Deal can point to several objects.', 'Title of User is not copied.', 'Campaign of Deal is not copied.']);
});
