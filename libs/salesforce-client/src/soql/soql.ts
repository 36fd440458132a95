import { Defect } from '@tributary/failures';

const identifier = /^[a-zA-Z][a-zA-Z0-9_]{0,79}$/;

/** A name from describe, for use in SOQL. @throws Defect `SOQL_NAME_INVALID` */
export function soqlName(name: string): string {
  if (!identifier.test(name)) throw new Defect('SOQL_NAME_INVALID', 'A name is no Salesforce name.');
  return name;
}

/** Half-open bounds on a cursor field; an absent bound is open. */
export interface SoqlWindow {
  readonly field: string;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Half-open bounds on the Id, in its own case-sensitive order; an absent bound is open. */
export interface SoqlIds {
  readonly from?: string | undefined;
  readonly before?: string | undefined;
}

/** `SELECT a, b FROM X WHERE field >= … AND field < … AND Id >= … AND Id < …` */
export function selectSoql(object: string, fields: readonly string[], window?: SoqlWindow, ids: SoqlIds = {}): string {
  return `SELECT ${fields.map(soqlName).join(', ')} FROM ${soqlName(object)}${where(window, ids)}`;
}

/** `SELECT COUNT() FROM X WHERE …` */
export function countSoql(object: string, window?: SoqlWindow): string {
  return `SELECT COUNT() FROM ${soqlName(object)}${where(window)}`;
}

/** `SELECT a FROM X WHERE Id IN (…)` */
export function selectByIdSoql(object: string, fields: readonly string[], ids: readonly string[]): string {
  return `${selectSoql(object, fields)} WHERE Id IN (${ids.map(soqlId).join(',')})`;
}

function soqlId(id: string): string {
  if (!/^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(id)) throw new Defect('SOQL_ID_INVALID', 'A text is no Salesforce id.');
  return `'${id}'`;
}

function where(window: SoqlWindow | undefined, ids: SoqlIds = {}): string {
  const field = window === undefined ? '' : soqlName(window.field);
  const bounds = [
    window?.from && `${field} >= ${instant(window.from)}`, window?.until && `${field} < ${instant(window.until)}`,
    ids.from && `Id >= ${soqlId(ids.from)}`, ids.before && `Id < ${soqlId(ids.before)}`,
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
}

function instant(date: Date): string {
  return date.toISOString();
}
