import { z } from 'zod';

/** A field of the org as describe tells it. */
export const CatalogueField = z.object({
  name: z.string(),
  label: z.string(),
  /** Salesforce type, such as `currency`; empty where the org does not tell it of a hidden field. */
  type: z.string(),
  /** PostgreSQL type of the warehouse column; null when the field is not copied. */
  columnType: z.string().nullable(),
  custom: z.boolean(),
  formula: z.boolean(),
  selected: z.boolean(),
  /** Why a field cannot be copied. */
  excludedBecause: z.string().nullable(),
  /** Of a calculated field that is copied: how it is kept right although its row does not change, of which fields of parents it is made, and as of when its values are right (null before that is known). */
  calculated: z.object({ upkeep: z.enum(['with its row', 'when a parent changes', 'daily']), because: z.string().nullable(), refersTo: z.array(z.string()), asOf: z.iso.datetime().nullable() }).optional(),
  /** What to know before copying it: parts of a compound, binary, encrypted, about a person, seen before and hidden or removed since, or hidden from this user all along. */
  flags: z.array(z.enum(['compound', 'base64', 'encrypted', 'personal', 'gone', 'hidden'])).optional(),
});
export type CatalogueField = z.infer<typeof CatalogueField>;

export const CatalogueObject = z.object({
  name: z.string(),
  label: z.string(),
  custom: z.boolean(),
  queryable: z.boolean(),
  /** Rows at the source when counted. */
  sourceRows: z.int().nonnegative().nullable(),
  /** Rows in the warehouse, deleted ones included. */
  storedRows: z.int().nonnegative().nullable(),
  selected: z.boolean(),
  table: z.string().nullable(),
  /** How changes of the object are found, one sentence; left out before it was read for the first time. */
  changesFoundBy: z.string().optional(),
  /** Rows as Salesforce estimates them without counting; left out where it does not tell. */
  estimatedRows: z.int().nonnegative().optional(),
  /** Names of the fields chosen; null for all that can be copied. Left out where the object is not selected. */
  chosenFields: z.array(z.string()).nullable().optional(),
  /** Null until the object was described. */
  fields: z.array(CatalogueField).nullable(),
});
export type CatalogueObject = z.infer<typeof CatalogueObject>;

/** `GET /api/connections/{id}/objects` */
export const Catalogue = z.object({
  objects: z.array(CatalogueObject),
  asOf: z.iso.datetime().nullable(),
  /** Ready-made selections, by the names of their objects. */
  presets: z.array(z.object({ name: z.enum(['sales', 'sales-service', 'everything']), objects: z.array(z.string()) })).optional(),
});
export type Catalogue = z.infer<typeof Catalogue>;

/** `GET /api/connections/{id}/objects`, with the fields of one of them when it is named. */
export const CatalogueRequest = z.object({ object: z.string().max(80).optional() });

/** `PUT /api/connections/{id}/selection`; `fields: null` means every field that can be copied. */
export const Selection = z.strictObject({
  objects: z.array(z.strictObject({
    name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,79}$/),
    fields: z.array(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,79}$/)).min(1).max(2_000).nullable().default(null),
  })).min(1).max(1_000),
});
export type Selection = z.infer<typeof Selection>;
