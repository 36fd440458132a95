import type { CatalogueObject } from '@tributary/api-contracts';
import { describe, expect, it } from 'vitest';
import { changesOf, draftOf, hasChanges, isFieldChosen, presetOf, selectionOf, withField, withObject, withPreset, type Draft } from './draft.ts';

function anObject(name: string, part: Partial<CatalogueObject> = {}): CatalogueObject {
  return { name, label: name, custom: false, queryable: true, sourceRows: null, storedRows: null, selected: true, table: null, fields: null, ...part };
}

const account = ['Name', 'Phone', 'Website'];
const draft: Draft = new Map([['Account', null], ['Lead', ['Name']]]);

describe('a draft of what is copied', () => {
  it('begins with what is copied now, each object with its own choice of fields', () => {
    expect([...draftOf([anObject('Account'), anObject('Lead', { chosenFields: ['Name'] }), anObject('Case', { selected: false })])]).toEqual([['Account', null], ['Lead', ['Name']]]);
  });

  it('takes an object with every field, and leaves the choice of fields alone when it is chosen already', () => {
    expect(withObject(draft, 'Case', true).get('Case')).toBeNull();
    expect(withObject(draft, 'Lead', true).get('Lead')).toEqual(['Name']);
    expect(withObject(draft, 'Lead', false).has('Lead')).toBe(false);
  });

  it('names the fields that stay when one is left out, in the order of the org', () => {
    expect(withField(draft, 'Account', 'Phone', false, account).get('Account')).toEqual(['Name', 'Website']);
  });

  it('follows every field again once the last one is back', () => {
    expect(withField(withField(draft, 'Account', 'Phone', false, account), 'Account', 'Phone', true, account).get('Account')).toBeNull();
  });

  it('copies no object without a field, and begins one with a single field', () => {
    expect(withField(draft, 'Lead', 'Name', false, ['Name', 'Email']).has('Lead')).toBe(false);
    expect(withField(draft, 'Case', 'Subject', true, ['Subject', 'Origin']).get('Case')).toEqual(['Subject']);
  });

  it('knows a field in any spelling', () => {
    expect(isFieldChosen(new Map([['Lead', ['NAME']]]), 'Lead', 'Name')).toBe(true);
    expect(isFieldChosen(draft, 'Case', 'Subject')).toBe(false);
  });

  it('keeps the fields chosen when a preset is taken, and knows the preset again', () => {
    const presets = [{ name: 'sales' as const, objects: ['Lead', 'Opportunity'] }];
    const taken = withPreset(draft, { name: 'sales', objects: ['Lead', 'Opportunity'] });
    expect([...taken]).toEqual([['Lead', ['Name']], ['Opportunity', null]]);
    expect(presetOf(taken, presets)).toBe('sales');
    expect(presetOf(draft, presets)).toBeUndefined();
  });

  it('tells what changes', () => {
    const after = withObject(withObject(withField(draft, 'Account', 'Phone', false, account), 'Lead', false), 'Case', true);
    expect(changesOf(draft, after)).toEqual({ added: ['Case'], removed: ['Lead'], fields: ['Account'] });
    expect(hasChanges(changesOf(draft, new Map(draft)))).toBe(false);
  });

  it('is no selection while it is empty', () => {
    expect(selectionOf(new Map())).toBeUndefined();
    expect(selectionOf(draft)).toEqual({ objects: [{ name: 'Account', fields: null }, { name: 'Lead', fields: ['Name'] }] });
  });
});
