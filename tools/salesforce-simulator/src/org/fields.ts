import type { FieldDefinition } from './definition.ts';

type More = Partial<Omit<FieldDefinition, 'name' | 'label' | 'type'>>;

/** `StageName` reads "Stage Name", `AccountId` "Account ID". */
export function labelOf(name: string): string {
  return name.replace(/__c$/, '').replaceAll('_', ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/\bId\b/, 'ID');
}

const field = (type: FieldDefinition['type'], base: More) => (name: string, more: More & { label?: string } = {}): FieldDefinition => ({
  name, label: labelOf(name), type, ...(name.endsWith('__c') ? { custom: true } : {}), ...base, ...more,
});

export const text = field('string', { length: 255 });
export const longText = field('textarea', { length: 32_000 });
export const bool = field('boolean', { nillable: false });
export const integer = field('int', { precision: 9, scale: 0 });
export const decimal = field('double', { precision: 18, scale: 2 });
export const money = field('currency', { precision: 18, scale: 2 });
export const percent = field('percent', { precision: 3, scale: 0 });
export const day = field('date', {});
export const instant = field('datetime', {});
export const email = field('email', { length: 80 });
export const phone = field('phone', { length: 40 });
export const url = field('url', { length: 255 });
export const address = field('address', { createable: false, updateable: false });

export function pick(name: string, values: readonly string[], more: More & { label?: string } = {}): FieldDefinition {
  return field('picklist', { length: 255 })(name, { picklist: values, ...more });
}

export function reference(name: string, referenceTo: string | readonly string[], more: More & { label?: string } = {}): FieldDefinition {
  return field('reference', { length: 18 })(name, {
    referenceTo: typeof referenceTo === 'string' ? [referenceTo] : referenceTo, relationshipName: name.replace(/Id$/, '').replace(/__c$/, '__r'), ...more,
  });
}

/** The parts of an address and the compound that groups them. */
export function addressOf(prefix: string): FieldDefinition[] {
  const compound = `${prefix}Address`;
  return [
    field('textarea', { length: 255 })(`${prefix}Street`, { compound }),
    text(`${prefix}City`, { length: 40, compound }), text(`${prefix}State`, { length: 80, compound }),
    text(`${prefix}PostalCode`, { length: 20, compound }), text(`${prefix}Country`, { length: 80, compound }),
    address(compound),
  ];
}

const recordKey: FieldDefinition = { name: 'Id', label: 'Record ID', type: 'id', length: 18, nillable: false, createable: false, updateable: false };
const readOnly: More = { createable: false, updateable: false, nillable: false };

/** Identifier and soft-delete flag. */
export const keyFields: readonly FieldDefinition[] = [recordKey, bool('IsDeleted', { label: 'Deleted', ...readOnly })];
export const keyOnly: readonly FieldDefinition[] = [recordKey];
export const createdFields: readonly FieldDefinition[] = [instant('CreatedDate', readOnly), reference('CreatedById', 'User', readOnly)];
export const modifiedFields: readonly FieldDefinition[] = [
  instant('LastModifiedDate', readOnly), reference('LastModifiedById', 'User', readOnly),
];
export const stampField: FieldDefinition = instant('SystemModstamp', readOnly);
export const auditFields: readonly FieldDefinition[] = [...createdFields, ...modifiedFields, stampField];
