import type { FieldDescribe } from '@tributary/salesforce-client';
import { readFormula } from './formula-text.ts';

/**
 * On what the value of a calculated field depends besides its own record: on nothing, on records it points to, on the time, or on what nobody can tell.
 * Salesforce moves no stamp of the record when those change.
 */
export type Dependence = 'row' | 'parents' | 'clock' | 'unknown';

export interface CalculatedField {
  readonly field: string;
  readonly depends: Dependence;
  /** Fields of parents with the relationships on the way; those of own formulas that it uses included. */
  readonly paths: readonly string[];
  /** Why nobody can tell; a plain sentence. */
  readonly because: string | null;
  /** Its formula and those it uses: values that another definition made are as of no time. */
  readonly definition: string;
}

/** Fields that Salesforce changes by date without calling them formulas. */
const drivenByDate: Readonly<Record<string, ReadonlySet<string>>> = {
  Contract: new Set(['Status']), ContractLineItem: new Set(['Status']), ServiceContract: new Set(['Status']),
};

/** @param fields of the object that this user sees @returns undefined for a field that is not calculated */
export function dependenceOf(object: string, field: FieldDescribe, fields: readonly FieldDescribe[]): CalculatedField | undefined {
  if (drivenByDate[object]?.has(field.name) === true) return { field: field.name, depends: 'clock', paths: [], because: null, definition: '' };
  if (!field.calculated) return undefined;
  const found = follow(field, new Map(fields.map((each) => [each.name.toLowerCase(), each])), new Set());
  const depends = found.unknown !== undefined ? 'unknown' : found.usesClock ? 'clock' : found.paths.size > 0 ? 'parents' : 'row';
  return { field: field.name, depends, paths: [...found.paths].sort(), because: found.unknown ?? null, definition: found.texts.join('\n') };
}

interface Found {
  readonly paths: Set<string>;
  readonly texts: string[];
  usesClock: boolean;
  unknown: string | undefined;
}

/** A formula may use other formulas of its object, and those others again. */
function follow(field: FieldDescribe, fields: ReadonlyMap<string, FieldDescribe>, seen: Set<string>): Found {
  const found: Found = { paths: new Set(), texts: [], usesClock: false, unknown: undefined };
  if (seen.has(field.name)) return found;
  seen.add(field.name);
  if (field.calculatedFormula == null) return { ...found, unknown: `${field.name} is a roll-up, or its formula is not shown to this user.` };
  const { own, paths, usesClock, outside } = readFormula(field.calculatedFormula);
  for (const path of paths) found.paths.add(path);
  found.texts.push(field.calculatedFormula);
  found.usesClock = usesClock;
  if (outside.length > 0) found.unknown = `${field.name} depends on ${outside.join(' and ')}.`;
  for (const name of own) {
    const used = fields.get(name.toLowerCase());
    if (used === undefined) found.unknown ??= `${field.name} depends on ${name}, which this user does not see.`;
    else if (used.calculated) merge(found, follow(used, fields, seen));
  }
  return found;
}

function merge(found: Found, other: Found): void {
  for (const path of other.paths) found.paths.add(path);
  found.texts.push(...other.texts);
  found.usesClock ||= other.usesClock;
  found.unknown ??= other.unknown;
}
