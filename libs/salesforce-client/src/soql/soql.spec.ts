import { expect, it } from 'vitest';
import { countSoql, fieldDefinitionsSoql, fieldPermissionsSoql, selectSoql, soqlName } from './soql.ts';

it('writes half-open windows in UTC', () => {
  const window = { field: 'SystemModstamp', from: new Date('2026-11-20T00:00:00Z'), until: new Date('2026-11-21T00:00:00.500Z') };
  expect(selectSoql('Account', ['Id', 'Name'], window)).toBe('SELECT Id, Name FROM Account WHERE SystemModstamp >= 2026-11-20T00:00:00.000Z AND SystemModstamp < 2026-11-21T00:00:00.500Z');
  expect(countSoql('Deal__c', { field: 'CreatedDate', until: window.until })).toBe('SELECT COUNT() FROM Deal__c WHERE CreatedDate < 2026-11-21T00:00:00.500Z');
  expect(countSoql('Deal__c', { field: 'CreatedDate' })).toBe('SELECT COUNT() FROM Deal__c');
});

it('goes on behind a place and up to another, by Id where stamps are equal', () => {
  const place = (id: string) => ({ at: new Date('2026-11-20T08:00:00Z'), id: `001XX000003Ab${id}AAC` });
  const window = { field: 'SystemModstamp', from: new Date('2026-11-20T00:00:00Z') };
  expect(selectSoql('Account', ['Id'], window, { after: place('01'), upTo: place('02') })).toBe(
    'SELECT Id FROM Account WHERE SystemModstamp >= 2026-11-20T08:00:00.000Z AND SystemModstamp <= 2026-11-20T08:00:00.000Z'
    + " AND (SystemModstamp > 2026-11-20T08:00:00.000Z OR Id > '001XX000003Ab01AAC') AND (SystemModstamp < 2026-11-20T08:00:00.000Z OR Id <= '001XX000003Ab02AAC')");
  expect(selectSoql('Account', ['Id'], undefined, { after: { id: place('01').id } })).toBe("SELECT Id FROM Account WHERE Id > '001XX000003Ab01AAC'");
});

it('asks the setup for the fields of an object, and for what anybody may read of them', () => {
  expect(fieldDefinitionsSoql('Deal__c')).toBe("SELECT QualifiedApiName, DurableId FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Deal__c'");
  expect(fieldPermissionsSoql('Case', ['A__c', 'Subject'])).toBe("SELECT Field FROM FieldPermissions WHERE SobjectType = 'Case' AND PermissionsRead = true AND Field IN ('Case.A__c','Case.Subject')");
  expect(() => fieldPermissionsSoql('Case', ["A' OR Field != '"])).toThrow(expect.objectContaining({ code: 'SOQL_NAME_INVALID' }));
});

it.each(['', '1abc', 'a b', "a'", 'a;b', 'a--', 'a.b', 'Ünïcode', `a${'b'.repeat(80)}`])('refuses %j as a name', (name) => {
  expect(() => soqlName(name)).toThrow(expect.objectContaining({ code: 'SOQL_NAME_INVALID' }));
});
