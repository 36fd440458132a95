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

/** `SELECT a, b FROM X WHERE field >= … AND field < …` */
export function selectSoql(object: string, fields: readonly string[], window?: SoqlWindow): string {
  return `SELECT ${fields.map(soqlName).join(', ')} FROM ${soqlName(object)}${where(window)}`;
}

/** `SELECT COUNT() FROM X WHERE …` */
export function countSoql(object: string, window?: SoqlWindow): string {
  return `SELECT COUNT() FROM ${soqlName(object)}${where(window)}`;
}

function where(window: SoqlWindow | undefined): string {
  if (window === undefined) return '';
  const field = soqlName(window.field);
  const bounds = [window.from && `${field} >= ${instant(window.from)}`, window.until && `${field} < ${instant(window.until)}`].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
}

function instant(date: Date): string {
  return date.toISOString();
}
