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

/** A row's place in the order of the window's field and the Id, or of the Id alone when there is no window. */
export interface SoqlPlace {
  readonly at?: Date | undefined;
  readonly id: string;
}

/** Half-open bounds on the Id, in its own case-sensitive order, and on the place of a row; an absent bound is open. */
export interface SoqlIds {
  readonly from?: string | undefined;
  readonly before?: string | undefined;
  /** Only rows that come later than this place. */
  readonly after?: SoqlPlace | undefined;
  /** Only rows up to this place, the row there included. */
  readonly upTo?: SoqlPlace | undefined;
}

/** `SELECT a, b FROM X WHERE field >= … AND field < … AND Id >= … AND Id < … AND (field > … OR Id > …)` */
export function selectSoql(object: string, fields: readonly string[], window?: SoqlWindow, ids: SoqlIds = {}): string {
  return `SELECT ${fields.map(soqlName).join(', ')} FROM ${soqlName(object)}${where(window, ids)}`;
}

/** `SELECT COUNT() FROM X WHERE …` */
export function countSoql(object: string, window?: SoqlWindow, ids: SoqlIds = {}): string {
  return `SELECT COUNT() FROM ${soqlName(object)}${where(window, ids)}`;
}

/** `SELECT a FROM X WHERE Id IN (…)` */
export function selectByIdSoql(object: string, fields: readonly string[], ids: readonly string[]): string {
  return `${selectSoql(object, fields)} WHERE Id IN (${ids.map(soqlId).join(',')})`;
}

/** `SELECT QualifiedApiName, DurableId FROM FieldDefinition WHERE …`: the fields of an object as the setup knows them. */
export function fieldDefinitionsSoql(object: string): string {
  return `SELECT QualifiedApiName, DurableId FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = '${soqlName(object)}'`;
}

/** `SELECT Field FROM FieldPermissions WHERE …`: which of the fields given somebody may read. */
export function fieldPermissionsSoql(object: string, fields: readonly string[]): string {
  const names = fields.map((field) => `'${soqlName(object)}.${soqlName(field)}'`);
  return `SELECT Field FROM FieldPermissions WHERE SobjectType = '${soqlName(object)}' AND PermissionsRead = true AND Field IN (${names.join(',')})`;
}

function soqlId(id: string): string {
  if (!/^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(id)) throw new Defect('SOQL_ID_INVALID', 'A text is no Salesforce id.');
  return `'${id}'`;
}

function where(window: SoqlWindow | undefined, { from, before, after, upTo }: SoqlIds): string {
  const field = window === undefined ? '' : soqlName(window.field);
  // The bound of the place stands besides its tie, so that an index of the field is of use.
  const since = after?.at !== undefined && (window?.from === undefined || after.at > window.from) ? after.at : window?.from;
  const bounds = [
    since && `${field} >= ${instant(since)}`, window?.until && `${field} < ${instant(window.until)}`, upTo?.at && `${field} <= ${instant(upTo.at)}`,
    from && `Id >= ${soqlId(from)}`, before && `Id < ${soqlId(before)}`,
    after && tied(`${field} >`, after, `Id > ${soqlId(after.id)}`), upTo && tied(`${field} <`, upTo, `Id <= ${soqlId(upTo.id)}`),
  ].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
}

function tied(beyond: string, { at }: SoqlPlace, byId: string): string {
  return at === undefined ? byId : `(${beyond} ${instant(at)} OR ${byId})`;
}

function instant(date: Date): string {
  return date.toISOString();
}
