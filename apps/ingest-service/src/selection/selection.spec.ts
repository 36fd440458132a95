import { Selection } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { checkedSelection, chosenObjects, type OrgObject } from './selection.ts';

function anOrg(...names: string[]): OrgObject[] {
  return names.map((name) => ({ name, label: name, custom: false, queryable: name !== 'Hidden' }));
}

it('copies of the preset what the org has, the most valuable first', () => {
  expect(chosenObjects(null, anOrg('Task', 'Hidden', 'Opportunity', 'Zebra__c', 'OpportunityStage')).map(({ name }) => name)).toEqual(['OpportunityStage', 'Opportunity', 'Task']);
});

it('keeps a chosen object that vanished, so that the run can say so', () => {
  const stored = Selection.parse({ objects: [{ name: 'Gone__c' }, { name: 'User', fields: ['Name'] }] });
  expect(chosenObjects(stored, anOrg('User'))).toEqual([{ name: 'User', label: 'User', fields: ['Name'] }, { name: 'Gone__c', label: 'Gone__c', fields: null }]);
});

it('accepts names in any case and keeps the spelling of the org', () => {
  expect(checkedSelection(Selection.parse({ objects: [{ name: 'opportunity' }, { name: 'OPPORTUNITY' }] }), anOrg('Opportunity')).objects).toEqual([{ name: 'Opportunity', fields: null }]);
});

it('refuses objects the org does not have or does not let be read', () => {
  expect(() => checkedSelection(Selection.parse({ objects: [{ name: 'Hidden' }, { name: 'Nothing' }] }), anOrg('User', 'Hidden'))).toThrow(expect.objectContaining({ code: 'SELECTION_UNKNOWN_OBJECT' }) as Error);
});
