import type { GoneField, KnownField } from './field-catalogue.ts';

/** What the org's setup tells of an object's fields, beyond what its description shows this user. */
export interface FieldEvidence {
  /** The id of each listed field, which outlives a rename; empty where the setup tells nothing. */
  readonly ids: ReadonlyMap<string, string>;
  /** Which of the fields asked for anybody in the org may read; undefined where the setup does not tell. */
  readonly permitted: ReadonlySet<string> | undefined;
}

export const noEvidence: FieldEvidence = { ids: new Map(), permitted: undefined };

/** What became of a field that the description no longer has; `vanished` when nothing tells whether it was hidden or removed. */
export type FieldFate = { readonly kind: 'hidden' | 'removed' | 'vanished' } | { readonly kind: 'renamed'; readonly to: string };

/**
 * Nothing is taken for removed because it is not seen: only when something that would show it, were it there, does not.
 * @param described names of the fields this user sees now
 */
export function fateOf({ field, durableId }: KnownField | GoneField, described: ReadonlySet<string>, { ids, permitted }: FieldEvidence): FieldFate {
  const listed = ids.get(field);
  // Another field of the same name, which this user does not see.
  if (listed !== undefined) return { kind: durableId === null || durableId === listed ? 'hidden' : 'removed' };
  const heir = durableId === null ? undefined : [...ids].find(([, id]) => id === durableId)?.[0];
  if (heir !== undefined) return described.has(heir) ? { kind: 'renamed', to: heir } : { kind: 'hidden' };
  if (permitted?.has(field) === true) return { kind: 'hidden' };
  const listsHidden = [...ids.keys()].some((name) => isCustom(name) && !described.has(name));
  const listsPermissions = permitted !== undefined && [...permitted].some((name) => described.has(name));
  // A standard field goes with a feature of the org, and may be listed by other rules.
  return { kind: isCustom(field) && (listsHidden || listsPermissions) ? 'removed' : 'vanished' };
}

/** Fields that were made anew under the name of a removed one: same name, another id. */
export function remadeFields(present: readonly KnownField[], ids: FieldEvidence['ids']): string[] {
  const both = present.filter(({ field, durableId }) => durableId !== null && ids.has(field) && isCustom(field));
  const changed = both.filter(({ field, durableId }) => ids.get(field) !== durableId);
  // Salesforce may number all of them anew with a release: no org makes all of its fields again at once.
  return changed.length > 1 && changed.length === both.length ? [] : changed.map(({ field }) => field);
}

export function isCustom(field: string): boolean {
  return /__c$/i.test(field);
}
