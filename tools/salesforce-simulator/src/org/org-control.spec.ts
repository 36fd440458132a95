import { expect, it } from 'vitest';
import { OrgControl } from './org-control.ts';
import { Org } from './org.ts';

const now = new Date('2026-11-25T12:00:00Z');
const control = new OrgControl(new Org({ now: () => now, commitDelayMs: () => 0 }), () => now);

it('gives records of hundreds of added objects ids of eighteen characters, with a prefix of their own', () => {
  const names = Array.from({ length: 300 }, (_, number) => `Object_${number}__c`);
  for (const name of names) control.addObject({ name, fields: [], rows: 1 });
  const ids = names.map((name) => String(control.rows(name)[0]?.['Id']));
  expect(ids.filter((id) => !/^a[0-9a-z]{2}[0-9A-Za-z]{15}$/.test(id))).toEqual([]);
  expect(new Set(ids.map((id) => id.slice(0, 3)))).toHaveProperty('size', 300);
});

it('makes each value of a row when it is asked for', () => {
  const asked: string[] = [];
  control.addObject({ name: 'Made__c', fields: [{ name: 'A__c', type: 'string' }, { name: 'B__c', type: 'int' }], rows: { count: 3, value: (field, index) => (asked.push(field), field === 'A__c' ? `text ${index}` : index) } });
  const [first] = control.eachRow('Made__c');
  expect(first).toMatchObject({ A__c: 'text 0', B__c: 0, IsDeleted: false });
  expect(asked).toEqual(['A__c', 'B__c']);
});
