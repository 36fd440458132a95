import type { FieldDescribe } from '@tributary/salesforce-client';

/** Values a field offers now, in their order; null for a field that is no list. */
export function picklistOf({ type, picklistValues }: FieldDescribe): string[] | null {
  if (type !== 'picklist' && type !== 'multipicklist' && type !== 'combobox') return null;
  return picklistValues == null ? null : picklistValues.filter(({ active }) => active).map(({ value }) => value);
}
