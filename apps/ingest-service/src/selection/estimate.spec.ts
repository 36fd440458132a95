import { ObjectDescribe } from '@tributary/salesforce-client';
import { expect, it } from 'vitest';
import { estimateOf } from './estimate.ts';
import { flagsOf } from './field-flags.ts';
import { presetsOf } from './preset.ts';

const describe = ObjectDescribe.parse({ name: 'Account', fields: [{ name: 'Id', type: 'id' }, { name: 'Name', type: 'string', length: 100 }, { name: 'Active__c', type: 'boolean' }, { name: 'Attachment', type: 'base64' }] });

const pages = { bulkPageRows: 50_000, restRows: 2_000 };

it('estimates rows, storage and calls object by object, and says what nobody counted', () => {
  const estimate = estimateOf([
    { name: 'Account', rows: 1_000, describe, fields: null }, { name: 'Big__c', rows: 120_000, describe: undefined, fields: null }, { name: 'Odd', rows: undefined, describe: undefined, fields: null },
  ], pages);
  // A row of Account: 120 besides its values, Id 20, Name 12 of 100, boolean 1; a row never described: 720.
  expect(estimate.objects).toEqual([{ name: 'Account', rows: 1_000, bytes: 153_000, apiCalls: 3 }, { name: 'Big__c', rows: 120_000, bytes: 86_400_000, apiCalls: 11 }, { name: 'Odd', rows: null, bytes: 0, apiCalls: 2 }]);
  expect(estimate).toMatchObject({ rows: 121_000, bytes: 86_553_000, apiCalls: 16, uncounted: ['Odd'] });
  // 121,000 rows at 30,000 a second and 3 objects of half a second with one export of 5 s, three at once; or at 5,000, 4 s and 40 s.
  expect(estimate.minutes).toEqual({ from: 0.1, to: 0.7 });
});

it('weighs only the fields that are chosen', () => {
  expect(estimateOf([{ name: 'Account', rows: 1_000, describe, fields: ['Id', 'active__c'] }], pages).bytes).toBe(141_000);
});

it('marks compounds and their parts, binary, encrypted fields and what is about people', () => {
  const field = (object: string, name: string, type: string, more: object = {}) => flagsOf(object, { name, type, label: name, custom: false, calculated: false, filterable: true, nillable: true, deprecatedAndHidden: false, ...more });
  expect(field('Account', 'BillingAddress', 'address')).toEqual(['compound', 'personal']);
  expect(field('Account', 'BillingCity', 'string', { compoundFieldName: 'BillingAddress' })).toEqual(['compound']);
  expect(field('Document', 'Body', 'base64')).toEqual(['base64']);
  expect(field('Lead', 'Secret__c', 'encryptedstring')).toEqual(['encrypted']);
  expect([field('Contact', 'Name', 'string'), field('Opportunity', 'Name', 'string'), field('Lead', 'Date_of_Birth__c', 'date'), field('Lead', 'Anything', 'email')]).toEqual([['personal'], [], ['personal'], ['personal']]);
});

it('offers presets of what the org lets be read', () => {
  expect(presetsOf(['Zebra__c', 'Case', 'Opportunity'])).toEqual([
    { name: 'sales', objects: ['Opportunity'] }, { name: 'sales-service', objects: ['Opportunity', 'Case'] }, { name: 'everything', objects: ['Zebra__c', 'Case', 'Opportunity'] },
  ]);
});
