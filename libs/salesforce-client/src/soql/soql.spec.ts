import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countSoql, fieldDefinitionsSoql, fieldPermissionsSoql, selectByIdSoql, selectSoql, soqlName } from './soql.ts';

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

/** Names and ids as nobody would give them, whole ones among them. */
const anything = fc.oneof(
  fc.constantFrom('Account', 'Deal__c', 'Id', 'SystemModstamp', '001XX000003Ab01AAC', '001XX000003Ab01'),
  fc.array(fc.constantFrom('Account', 'Id', "'", '\\', ' ', ',', '(', ')', '.', ' FROM ', ' WHERE ', ' OR ', '--', '/*', ';', '=', '\n', '\u0000', '\u2019', 'é', '0', ':x'), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string(),
);
/** A question as its parser sees it: words in place of names, ids and instants; literals whole. */
const shapeOf = (soql: string): string => soql.replace(/'[a-zA-Z0-9_.]*'/g, '?').replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g, '?').replace(/\b(?!SELECT\b|FROM\b|WHERE\b|AND\b|OR\b|IN\b|COUNT\b)[A-Za-z]\w*/g, 'n');

it('has the same parse tree whatever it is given: what is no name and no id becomes no question', () => {
  const place = (id: string) => ({ at: new Date('2026-11-20T08:00:00Z'), id });
  const questions = (object: string, field: string, id: string): (() => string)[] => [
    () => selectSoql(object, ['Id', field], { field, from: new Date('2026-11-20T00:00:00Z') }, { from: id, before: id, after: place(id), upTo: place(id) }), () => countSoql(object, { field, until: new Date('2026-11-20T00:00:00Z') }),
    () => selectByIdSoql(object, [field], [id, id]), () => fieldDefinitionsSoql(object), () => fieldPermissionsSoql(object, [field]),
  ];
  const shapes = questions('Account', 'Name', '001XX000003Ab01AAC').map((question) => shapeOf(question()));
  const outcome = (question: () => string): string => {
    try {
      return shapeOf(question());
    } catch (error) {
      return (error as { code?: string }).code ?? 'no failure of ours';
    }
  };
  fc.assert(fc.property(anything, anything, anything, (object, field, id) => {
    for (const [index, question] of questions(object, field, id).entries()) expect(['SOQL_NAME_INVALID', 'SOQL_ID_INVALID', shapes[index]]).toContain(outcome(question));
  }), { numRuns: 3_000 });
});
