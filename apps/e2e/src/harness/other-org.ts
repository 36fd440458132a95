type Value = string | number | boolean | null;
export type OtherRow = Readonly<Record<string, Value>>;
export interface OtherField {
  readonly name: string;
  readonly type: string;
  readonly scale?: number;
  readonly precision?: number;
}
export interface OtherObject {
  readonly name: string;
  readonly custom: boolean;
  readonly fields: readonly OtherField[];
  readonly rows: OtherRow[];
}

const audit: readonly OtherField[] = [{ name: 'Id', type: 'id' }, { name: 'IsDeleted', type: 'boolean' }, { name: 'CreatedDate', type: 'datetime' }, { name: 'LastModifiedDate', type: 'datetime' }, { name: 'SystemModstamp', type: 'datetime' }];
const long = new Date(Date.now() - 40 * 86_400_000).toISOString().replace(/\.\d+Z$/, '.000Z');
const idOf = (prefix: string, number: number): string => `${prefix}Z0${String(number).padStart(10, '0')}AAA`;
const stamped = (prefix: string, number: number, fields: OtherRow): OtherRow => ({ Id: idOf(prefix, number), IsDeleted: false, CreatedDate: long, LastModifiedDate: long, SystemModstamp: long, ...fields });

const stages = [{ name: 'Sondierung', closed: false, won: false }, { name: 'Angebot & "Preis"', closed: false, won: false }, { name: 'Gewonnen', closed: true, won: true }, { name: 'Verloren', closed: true, won: false }];
const people = ['Zoë Ångström', '李 小龍', 'Maximilian-Ferdinand von und zu Überlang'];
export const personId = idOf('005', 1);
export const otherOrgId = '00DZ00000000099MAA';

/** A small org unlike the simulator's: no Period, no Organization, names in other scripts, odd types, a custom object. */
export function anotherOrg(): OtherObject[] {
  return [
    { name: 'User', custom: false, fields: [...audit, { name: 'Name', type: 'string' }, { name: 'Username', type: 'string' }, { name: 'IsActive', type: 'boolean' }], rows: people.map((Name, index) => stamped('005', index + 1, { Name, Username: `person${index}@anders.example`, IsActive: true })) },
    { name: 'OpportunityStage', custom: false, fields: [...audit.filter(({ name }) => name !== 'IsDeleted'), { name: 'MasterLabel', type: 'string' }, { name: 'ApiName', type: 'string' }, { name: 'IsActive', type: 'boolean' }, { name: 'IsClosed', type: 'boolean' }, { name: 'IsWon', type: 'boolean' }, { name: 'SortOrder', type: 'int' }, { name: 'DefaultProbability', type: 'percent', scale: 2 }],
      rows: stages.map(({ name, closed, won }, index) => stamped('01J', index + 1, { MasterLabel: name, ApiName: name, IsActive: true, IsClosed: closed, IsWon: won, SortOrder: index + 1, DefaultProbability: won ? 100 : closed ? 0 : 30 })) },
    { name: 'Opportunity', custom: false, fields: [
      ...audit, { name: 'Name', type: 'string' }, { name: 'StageName', type: 'picklist' }, { name: 'Amount', type: 'currency', scale: 2, precision: 18 }, { name: 'Probability', type: 'percent', scale: 2 }, { name: 'CloseDate', type: 'date' }, { name: 'IsClosed', type: 'boolean' }, { name: 'IsWon', type: 'boolean' }, { name: 'OwnerId', type: 'reference' },
      { name: 'Score__c', type: 'double', scale: 6, precision: 18 }, { name: 'Serial__c', type: 'long' }, { name: 'Tags__c', type: 'multipicklist' }, { name: 'Story__c', type: 'textarea' }, { name: 'At__c', type: 'time' }, { name: 'Mystery__c', type: 'anyType' }, { name: 'Future__c', type: 'holographic' }, { name: 'Blob__c', type: 'base64' }, { name: 'Where__c', type: 'location' }, { name: 'Order', type: 'int' },
    ], rows: Array.from({ length: 150 }, (_, index) => aDeal(index)) },
    { name: 'Review__c', custom: true, fields: [...audit, { name: 'Name', type: 'string' }, { name: 'Verdict__c', type: 'picklist' }, { name: 'Deal__c', type: 'reference' }, { name: 'Group', type: 'string' }], rows: Array.from({ length: 12 }, (_, index) => stamped('a0X', index + 1, { Name: `R-${index}`, Verdict__c: 'tiptop', Deal__c: idOf('006', index + 1), Group: 'x' })) },
  ];
}

function aDeal(index: number): OtherRow {
  const stage = stages[index % 4] ?? stages[0];
  return stamped('006', index + 1, {
    Name: `Geschäft ${index} 😀, "zitiert"\nzweite Zeile`, StageName: stage?.name ?? '', Amount: index % 11 === 0 ? null : 1_000 + index * 7.25, Probability: stage?.won === true ? 100 : stage?.closed === true ? 0 : 30, CloseDate: `2026-${String((index % 12) + 1).padStart(2, '0')}-15`,
    IsClosed: stage?.closed ?? false, IsWon: stage?.won ?? false, OwnerId: idOf('005', (index % people.length) + 1), IsDeleted: index === 149, Score__c: 0.123456, Serial__c: 9_007_199_254_740_991, Tags__c: 'rot;grün', Story__c: `${'wort '.repeat(200)}\r\nEnde`, At__c: '13:37:00.000Z', Mystery__c: 'true', Future__c: '∞', Blob__c: null, Where__c: null, Order: index,
  });
}
