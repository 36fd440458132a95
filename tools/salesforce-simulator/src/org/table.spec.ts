import { expect, it } from 'vitest';
import type { FieldDefinition, ObjectDefinition } from './definition.ts';
import { ObjectTable, type GeneratedRows } from './table.ts';

const mood: FieldDefinition = { name: 'Mood__c', type: 'string', label: 'Mood' };
const definition: ObjectDefinition = { name: 'Plan__c', label: 'Plan', labelPlural: 'Plans', keyPrefix: 'a01', fields: [{ name: 'Id', type: 'id', label: 'Id' }, mood] };
const wholeRows: GeneratedRows = { count: 3, row: () => ({ Mood__c: 'glad' }) };
const cells: GeneratedRows = { count: 3, cells: { Mood__c: () => 'glad' } };

function moodsOf(table: ObjectTable): unknown[] {
  const rows = table.rows();
  return Array.from({ length: rows.length }, (_, index) => rows.at(index)['Mood__c'] ?? null);
}

it.each([['rows', wholeRows], ['cells', cells]])('keeps the values of a renamed field, those of generated %s too', (_kind, generated) => {
  const table = new ObjectTable(definition, generated);
  table.put(String(table.rows().at(0)['Id']), { Id: String(table.rows().at(0)['Id']), Mood__c: 'sad' });
  table.renameField('mood__C', 'Temper__c');
  expect(Array.from({ length: 3 }, (_, index) => table.rows().at(index)['Temper__c'])).toEqual(['sad', 'glad', 'glad']);
  expect(moodsOf(table)).toEqual([null, null, null]);
  table.removeField('Temper__c');
  expect(table.rows().at(1)['Temper__c']).toBeUndefined();
});

it.each([['rows', wholeRows], ['cells', cells]])('forgets the values of a removed field, those of generated %s too', (_kind, generated) => {
  const table = new ObjectTable(definition, generated);
  const [changed, stored] = [String(table.rows().at(0)['Id']), table.newId()];
  table.put(changed, { Id: changed, Mood__c: 'sad' });
  table.put(stored, { Id: stored, Mood__c: 'calm' });
  const before = table.rows();
  expect(moodsOf(table)).toEqual(['sad', 'glad', 'glad', 'calm']);
  table.removeField('mood__C');
  table.addField(mood);
  expect(moodsOf(table)).toEqual([null, null, null, null]);
  expect(table.find(changed)).not.toHaveProperty('Mood__c', 'sad');
  expect(before.at(0)['Mood__c']).toBe('sad');
});
