import type { CatalogueField } from '@tributary/api-contracts';
import type { OrgClient } from '../extract/org-access.ts';
import { isCustom } from '../warehouse/field-fate.ts';

/** Names of an object's fields as the org's setup lists them. Many users may not see it, and other servers have none: then none is listed. */
export async function listedFields({ data }: OrgClient, object: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await data.fieldDefinitions(object)).keys());
  } catch {
    return new Set();
  }
}

/** Fields that the setup lists and that are not known otherwise: this user does not see them. */
export function hiddenFields(listed: ReadonlySet<string>, known: readonly CatalogueField[]): CatalogueField[] {
  const names = new Set(known.map(({ name }) => name.toLowerCase()));
  return [...listed].filter((name) => !names.has(name.toLowerCase())).toSorted().map((name) => ({
    name, label: name, type: '', custom: isCustom(name), formula: false, columnType: null, selected: false, flags: ['hidden'], excludedBecause: isCustom(name) ? hidden : notOffered,
  }));
}

const hidden = 'Hidden from this user by field-level security; a Salesforce administrator can show it.';
/** Of its own fields Salesforce lists some that no API gives to anybody. */
const notOffered = 'The org has it, but this user does not see it: hidden by permissions, which a Salesforce administrator can change, or not offered to other tools.';
