import { z } from 'zod';

/** How deletions of an object are found: by its marked rows, by Salesforce's list of deletions, by comparing all Ids, or because the object is read whole each time. */
export const DeleteSource = z.enum(['recycle-bin', 'list-of-deletions', 'comparison-of-ids', 'full-read']);
export type DeleteSource = z.infer<typeof DeleteSource>;

/** A row that is held, as the copy knows it; its name is null where the object has none. */
export const HeldRow = z.object({ id: z.string(), name: z.string().nullable() });
export type HeldRow = z.infer<typeof HeldRow>;

/** Rows that are missing at Salesforce, so many at once that nothing is marked as deleted until a person confirms it. */
export const HeldDeletions = z.object({
  rows: z.int().positive(),
  /** Rows the object had in the warehouse then, deleted ones not counted. */
  storedRows: z.int().nonnegative(),
  foundAt: z.iso.datetime(),
  /** Null until somebody confirmed; the next run marks them then. */
  confirmedAt: z.iso.datetime().nullable(),
  /** A few of them, spread over all, to look them up at Salesforce. */
  examples: z.array(HeldRow).default([]),
});
export type HeldDeletions = z.infer<typeof HeldDeletions>;

/** What makes deletions of an object sure or unsure. */
export const DeleteCause = z.enum(['not-loaded', 'held', 'gap', 'read-whole', 'listed', 'not-listed']);
export type DeleteCause = z.infer<typeof DeleteCause>;

export const ObjectDeletions = z.object({
  object: z.string(),
  label: z.string(),
  sources: z.array(DeleteSource),
  /** `high`: the next run knows every deletion. `medium`: rows purged without a trace are found by counting and comparing. `low`: something is held, due or unknown. */
  confidence: z.enum(['high', 'medium', 'low']),
  /** Why, as a code and as one plain sentence. */
  cause: DeleteCause,
  because: z.string(),
  /** When all Ids were last compared, by Salesforce's clock; null before. */
  comparedAt: z.iso.datetime().nullable(),
  /** What the last comparison said; null before the first. */
  outcome: z.string().nullable(),
  held: HeldDeletions.nullable(),
});
export type ObjectDeletions = z.infer<typeof ObjectDeletions>;

/** `GET /api/connections/{id}/deletions`, most valuable object first. */
export const DeletionList = z.object({ objects: z.array(ObjectDeletions) });
export type DeletionList = z.infer<typeof DeletionList>;

/** `POST /api/connections/{id}/held-deletions`: these rows really are gone. `rows` must be the number that was shown. */
export const DeletionConfirmation = z.strictObject({ object: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,79}$/), rows: z.int().positive() });
export type DeletionConfirmation = z.infer<typeof DeletionConfirmation>;
