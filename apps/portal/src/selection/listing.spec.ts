import type { CatalogueObject } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { listed, type Shown } from './listing.ts';

function anObject(name: string, label: string, part: Partial<CatalogueObject> = {}): CatalogueObject {
  return { name, label, custom: false, queryable: true, sourceRows: null, storedRows: null, selected: false, table: null, fields: null, ...part };
}

const objects = [anObject('Zone__c', 'Zone', { custom: true }), anObject('Account', 'Company'), anObject('Opportunity', 'Deal', { selected: true })];
const names = (search: string, shown: Shown, draft = new Map([['Opportunity', null], ['Zone__c', null]])): string[] => listed(objects, draft, search, shown).map(({ name }) => name);

it('puts what is copied first, and finds by label and by API name', () => {
  expect(names('', 'all')).toEqual(['Opportunity', 'Account', 'Zone__c']);
  expect(names(' comp', 'all')).toEqual(['Account']);
  expect(names('zone__', 'all')).toEqual(['Zone__c']);
});

it('shows the chosen, the others, or those of the org alone', () => {
  expect(names('', 'chosen')).toEqual(['Opportunity', 'Zone__c']);
  expect(names('', 'others')).toEqual(['Account']);
  expect(names('', 'custom')).toEqual(['Zone__c']);
});
