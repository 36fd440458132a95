import { Defect, Unavailable } from '@tributary/failures';
import { SalesforceCallFailure, selectSoql, type QueryRecord, type SoqlIds, type SoqlPlace } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { Part } from './part.ts';
import { soqlIds, soqlWindow } from './window-soql.ts';

/** A place as it is kept with a job. */
export function placeText({ at, id }: SoqlPlace): string {
  return `${at?.toISOString() ?? ''}/${id}`;
}

/** The place a text names; undefined for the beginning. @throws Defect `PLACE_INVALID` */
export function placeOf(text: string | null): SoqlPlace | undefined {
  if (text === null) return undefined;
  const [at = '', id = ''] = text.split('/');
  if (id === '' || (at !== '' && Number.isNaN(Date.parse(at)))) throw new Defect('PLACE_INVALID', 'A kept place in a query cannot be read.');
  return { at: at === '' ? undefined : new Date(at), id };
}

/** Where a record stands in the order of a page-wise reading. @throws Defect `PLACE_INVALID` when it has no stamp */
export function placeOfRecord({ cursor }: ColumnPlan, record: QueryRecord): SoqlPlace {
  return checked({ at: cursor === undefined ? undefined : new Date(String(record[cursor.field])), id: String(record['Id']) });
}

/** Rows did not come in the order of a page-wise reading: what lies between two places cannot be told from it. */
export function orderNotKept(cause?: unknown): Unavailable {
  return new Unavailable('ORDER_NOT_KEPT', 'Salesforce did not give the rows in the order they were asked for.', { cause });
}

/** Whether records come one after the other behind a place, each one once. */
export function isInOrder({ cursor }: ColumnPlan, records: readonly QueryRecord[], after: SoqlPlace | undefined): boolean {
  let [at, id] = [after?.at?.getTime() ?? -Infinity, after?.id ?? ''];
  return records.every((record) => {
    const [nextAt, nextId] = [cursor === undefined ? -Infinity : Date.parse(String(record[cursor.field])), String(record['Id'])];
    const isBehind = nextAt > at || (nextAt === at && nextId > id);
    [at, id] = [nextAt, nextId];
    return isBehind;
  });
}

/** Whether a query with a place in it is not understood. */
export function isPlaceRefused(error: unknown): boolean {
  return error instanceof SalesforceCallFailure && error.code === 'MALFORMED_QUERY';
}

function checked(place: SoqlPlace): SoqlPlace {
  if (place.at !== undefined && Number.isNaN(place.at.getTime())) throw new Defect('PLACE_INVALID', 'A row was found by a field it does not have.');
  return place;
}

/** The query for rows of a part between two places, oldest change first and by Id where changes are of the same second. */
export function orderedSoql(plan: ColumnPlan, part: Part, fields: readonly string[], places: Pick<SoqlIds, 'after' | 'upTo'>, limit?: number): string {
  const soql = selectSoql(plan.object, fields, soqlWindow(plan, part), { ...soqlIds(part), ...places });
  const order = plan.cursor === undefined ? 'Id' : `${plan.cursor.field}, Id`;
  return `${soql} ORDER BY ${order}${limit === undefined ? '' : ` LIMIT ${limit}`}`;
}
