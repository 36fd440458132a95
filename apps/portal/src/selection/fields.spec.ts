import type { CatalogueField } from '@tributary/api-contracts';
import { expect, it } from 'vitest';
import { choosable, isAlwaysCopied, marksOf } from './fields.ts';

function aField(name: string, part: Partial<CatalogueField> = {}): CatalogueField {
  return { name, label: name, type: 'string', columnType: 'text', custom: false, formula: false, selected: true, excludedBecause: null, ...part };
}

it('offers what can be copied, but not what is copied in any case', () => {
  expect(choosable([aField('Id'), aField('Name'), aField('Photo', { excludedBecause: 'Binary.' }), aField('Email')])).toEqual(['Name', 'Email']);
  expect(isAlwaysCopied(aField('SystemModstamp'))).toBe(true);
  expect(isAlwaysCopied(aField('SystemModstamp', { excludedBecause: 'Hidden.' }))).toBe(false);
});

it('marks what is to be known of a field', () => {
  expect(marksOf(aField('Score__c', { custom: true, formula: true, flags: ['personal'] }))).toEqual(['custom', 'formula', 'personal']);
  expect(marksOf(aField('Margin__c', { type: '', custom: true, flags: ['hidden'] }))).toEqual(['custom', 'hidden']);
  expect(marksOf(aField('Name'))).toEqual([]);
});
