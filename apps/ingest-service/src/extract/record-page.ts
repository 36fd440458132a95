import type { QueryRecord, SoqlPlace } from '@tributary/salesforce-client';
import type { ColumnPlan } from '../describe/column-plan.ts';
import { fitsAddress } from './api-choice.ts';
import { columnChunks } from './column-chunks.ts';
import { isInOrder, isPlaceRefused, orderedSoql, orderNotKept, placeOfRecord } from './keyset.ts';
import type { OrgClient } from './org-access.ts';
import type { Part } from './part.ts';
import { pageIncomplete } from './row-source.ts';
import { joinChunks } from './wide-rows.ts';
import { fieldsOf } from './window-soql.ts';

/** Rows of one page, each whole, and where the next one begins. */
export interface PageOfRows {
  readonly records: readonly QueryRecord[];
  /** Place of the last row; undefined when there is no row left. */
  readonly next: SoqlPlace | undefined;
  /** Rows from here to the end of the part as the source counts them; undefined when it was not asked for all. */
  readonly left: number | undefined;
}

/** Most rows a REST answer can have. */
const maxRows = 2_000;
/** Values held in memory at once where rows are put together. */
const maxValues = 200_000;
/** Of an address, for names of fields; the rest is for conditions, or for the Ids of rows that are asked for again. */
const roomForFields = 10_500;

/**
 * Reads the rows of a part that come next after a place. Each page is a query of its own: a locator would hold on to rows as they were listed,
 * and when it is lost nobody knows how far the reading came.
 * @throws Unavailable `PAGE_INCOMPLETE`, `ROWS_IN_MOTION`, `ORDER_NOT_KEPT` when places mean nothing to this source; what Salesforce refuses
 */
export async function readRecordPage({ data }: OrgClient, plan: ColumnPlan, part: Part, after: SoqlPlace | undefined): Promise<PageOfRows> {
  const fields = fieldsOf(plan);
  const chunks = fitsAddress(orderedSoql(plan, part, fields, { after })) ? [fields] : columnChunks(fields, ['Id', ...(plan.cursor === undefined ? [] : [plan.cursor.field])], roomForFields);
  const isWide = chunks.length > 1;
  // The first page of ordinary rows counts all of them by the way; later ones spare Salesforce the rest.
  const limit = isWide ? Math.max(100, Math.min(maxRows, Math.floor(maxValues / fields.length))) : after === undefined ? undefined : maxRows;
  const { records, totalSize, more } = await data.firstPage(orderedSoql(plan, part, chunks[0] ?? fields, { after }, limit)).catch((error: unknown) => {
    throw after !== undefined && isPlaceRefused(error) ? orderNotKept(error) : error;
  });
  if (!isInOrder(plan, records, after)) throw orderNotKept();
  if (more ? records.length === 0 : records.length !== totalSize) throw pageIncomplete(totalSize, records.length);
  const last = records.at(-1);
  const next = last === undefined || (!more && totalSize !== limit) ? undefined : placeOfRecord(plan, last);
  const whole = isWide && last !== undefined ? await joinChunks(data, { plan, part, chunks, after, upTo: placeOfRecord(plan, last) }, records) : records;
  return { records: whole, next, left: limit === undefined ? totalSize : undefined };
}
