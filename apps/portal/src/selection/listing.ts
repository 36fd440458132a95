import type { CatalogueObject } from '@tributary/api-contracts';
import type { Draft } from './draft.ts';

/** Which objects of the org are listed. */
export type Shown = 'all' | 'chosen' | 'others' | 'custom';
export const shownChoices: readonly Shown[] = ['all', 'chosen', 'others', 'custom'];

/** Objects that match, those copied now first, then by label; choosing one moves none. */
export function listed(objects: readonly CatalogueObject[], draft: Draft, search: string, shown: Shown): CatalogueObject[] {
  const words = search.trim().toLowerCase();
  const fits = (object: CatalogueObject): boolean => {
    if (shown === 'chosen' && !draft.has(object.name)) return false;
    if (shown === 'others' && draft.has(object.name)) return false;
    if (shown === 'custom' && !object.custom) return false;
    return named(object, words);
  };
  return objects.filter(fits).toSorted((a, b) => Number(b.selected) - Number(a.selected) || a.label.localeCompare(b.label));
}

/** Whether a label or an API name contains what is searched for. */
export function named({ name, label }: { readonly name: string; readonly label: string }, words: string): boolean {
  return name.toLowerCase().includes(words) || label.toLowerCase().includes(words);
}
