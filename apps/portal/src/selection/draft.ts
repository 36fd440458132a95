import type { Catalogue, CatalogueObject, Selection } from '@tributary/api-contracts';

/** Objects to copy by name, each with its fields; null for every field that can be copied. */
export type Draft = ReadonlyMap<string, readonly string[] | null>;

export type Preset = NonNullable<Catalogue['presets']>[number];

/** What is copied now. */
export function draftOf(objects: readonly CatalogueObject[]): Draft {
  return new Map(objects.filter(({ selected }) => selected).map(({ name, chosenFields }) => [name, chosenFields ?? null]));
}

/** An object that is chosen anew comes with every field. */
export function withObject(draft: Draft, name: string, chosen: boolean): Draft {
  const next = new Map(draft);
  if (!chosen) next.delete(name);
  else if (!next.has(name)) next.set(name, null);
  return next;
}

/**
 * @param copyable every field of the object that can be copied, in order
 * @returns with all of them chosen the object follows its fields again; without any it is not copied
 */
export function withField(draft: Draft, name: string, field: string, chosen: boolean, copyable: readonly string[]): Draft {
  const wanted = new Set(copyable.filter((one) => (one === field ? chosen : isFieldChosen(draft, name, one))));
  const next = new Map(draft);
  if (wanted.size === 0) next.delete(name);
  else next.set(name, wanted.size === copyable.length ? null : copyable.filter((one) => wanted.has(one)));
  return next;
}

/** The objects of a preset; those that are chosen already keep their fields. */
export function withPreset(draft: Draft, { objects }: Preset): Draft {
  return new Map(objects.map((name) => [name, draft.get(name) ?? null]));
}

/** Whether a field is copied. Salesforce takes names in any case. */
export function isFieldChosen(draft: Draft, name: string, field: string): boolean {
  const fields = draft.get(name);
  return fields !== undefined && (fields === null || fields.some((one) => one.toLowerCase() === field.toLowerCase()));
}

/** The preset a draft equals, whatever its fields; undefined for a choice of one's own. */
export function presetOf(draft: Draft, presets: readonly Preset[]): Preset['name'] | undefined {
  return presets.find(({ objects }) => objects.length === draft.size && objects.every((name) => draft.has(name)))?.name;
}

/** How a draft departs from what is copied now, by names of objects. */
export interface DraftChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly fields: readonly string[];
}

export function changesOf(before: Draft, after: Draft): DraftChanges {
  const names = [...after.keys()];
  return {
    added: names.filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    fields: names.filter((name) => before.has(name) && JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name))),
  };
}

export function hasChanges({ added, removed, fields }: DraftChanges): boolean {
  return added.length + removed.length + fields.length > 0;
}

/** A draft as the server takes it; undefined while nothing is chosen. */
export function selectionOf(draft: Draft): Selection | undefined {
  const objects = [...draft].map(([name, fields]) => ({ name, fields: fields === null ? null : [...fields] }));
  return objects.length === 0 ? undefined : { objects };
}
