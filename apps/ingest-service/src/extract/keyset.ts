import { Defect } from '@tributary/failures';
import { selectSoql, type QueryRecord, type SoqlIds, type SoqlPlace } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import type { Part } from './part.ts';
import { soqlWindow } from './window-soql.ts';

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

function checked(place: SoqlPlace): SoqlPlace {
  if (place.at !== undefined && Number.isNaN(place.at.getTime())) throw new Defect('PLACE_INVALID', 'A row was found by a field it does not have.');
  return place;
}

/** The query for rows of a part between two places, oldest change first and by Id where changes are of the same second. */
export function orderedSoql(plan: ColumnPlan, part: Part, fields: readonly string[], places: Pick<SoqlIds, 'after' | 'upTo'>, limit?: number): string {
  const soql = selectSoql(plan.object, fields, soqlWindow(plan, part), { from: part.idFrom ?? undefined, before: part.idBefore ?? undefined, ...places });
  const order = plan.cursor === undefined ? 'Id' : `${plan.cursor.field}, Id`;
  return `${soql} ORDER BY ${order}${limit === undefined ? '' : ` LIMIT ${limit}`}`;
}
