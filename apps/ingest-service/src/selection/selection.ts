import type { Selection } from '@tributary/api-contracts';
import { InvalidInput } from '@tributary/failures';
import { salesAndService } from './preset.ts';

/** An object of the org as describeGlobal lists it. */
export interface OrgObject {
  readonly name: string;
  readonly label: string;
  readonly custom: boolean;
  readonly queryable: boolean;
}

/** An object to copy; `fields: null` for all that can be copied. */
export interface ChosenObject {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly string[] | null;
}

/**
 * What to copy of an org, most valuable first: the stored selection, or of the preset what the org has.
 * A chosen object that vanished since stays on the list, so that the run says so.
 */
export function chosenObjects(stored: Selection | null, org: readonly OrgObject[]): ChosenObject[] {
  const readable = new Map(org.filter(({ queryable }) => queryable).map(({ name, label }) => [name, label]));
  const wanted = stored?.objects ?? salesAndService.filter((name) => readable.has(name)).map((name) => ({ name, fields: null }));
  return byValue(wanted).map(({ name, fields }) => ({ name, label: readable.get(name) ?? name, fields }));
}

/**
 * The selection in the org's own spelling.
 * @throws InvalidInput `SELECTION_UNKNOWN_OBJECT`
 */
export function checkedSelection(selection: Selection, org: readonly OrgObject[]): Selection {
  const byName = readableByName(org);
  const unknown = unknownObjects(selection, org);
  if (unknown.length > 0) {
    throw new InvalidInput('SELECTION_UNKNOWN_OBJECT', `The org has no readable object named ${unknown.slice(0, 5).join(', ')}.`, {
      action: 'Choose objects from the catalogue.', details: { objects: unknown.slice(0, 50) },
    });
  }
  const objects = new Map(selection.objects.map(({ name, fields }) => [name.toLowerCase(), { name: byName.get(name.toLowerCase()) ?? name, fields }]));
  return { objects: [...objects.values()] };
}

/** Names chosen that the org does not have or does not let be read. */
export function unknownObjects(selection: Selection, org: readonly OrgObject[]): string[] {
  const byName = readableByName(org);
  return selection.objects.map(({ name }) => name).filter((name) => !byName.has(name.toLowerCase()));
}

function readableByName(org: readonly OrgObject[]): ReadonlyMap<string, string> {
  return new Map(org.filter(({ queryable }) => queryable).map(({ name }) => [name.toLowerCase(), name]));
}

function byValue<T extends { readonly name: string }>(objects: readonly T[]): T[] {
  const rank = ({ name }: T): number => (salesAndService.includes(name) ? salesAndService.indexOf(name) : salesAndService.length);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}
