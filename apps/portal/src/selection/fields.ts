import type { CatalogueField } from '@tributary/api-contracts';

/** Copied whatever is chosen: by these changes and deletions are found. */
const always: readonly string[] = ['Id', 'IsDeleted', 'SystemModstamp', 'LastModifiedDate', 'CreatedDate', 'LoginTime'];

export type FieldMark = 'custom' | 'formula' | NonNullable<CatalogueField['flags']>[number];

/** What is to be known of a field before it is chosen. */
export function marksOf({ custom, formula, flags }: CatalogueField): FieldMark[] {
  return [...(custom ? (['custom'] as const) : []), ...(formula ? (['formula'] as const) : []), ...(flags ?? [])];
}

export function isAlwaysCopied({ name, excludedBecause }: Pick<CatalogueField, 'name' | 'excludedBecause'>): boolean {
  return excludedBecause === null && always.includes(name);
}

/** Names of the fields one can choose or leave out, in the order of the org. */
export function choosable(fields: readonly CatalogueField[]): string[] {
  return fields.filter((field) => field.excludedBecause === null && !isAlwaysCopied(field)).map(({ name }) => name);
}
