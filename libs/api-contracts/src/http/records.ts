import { z } from 'zod';

/** Query string of `GET /api/connections/{id}/records/{object}`; `filter` is a `_drill` token or a JSON array of filters. */
export const RecordsRequest = z.object({
  filter: z.string().max(8_000).optional(),
  /** `Field` or `-Field` (descending). */
  sort: z.string().max(120).optional(),
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type RecordsRequest = z.infer<typeof RecordsRequest>;

export const RecordsAnswer = z.object({
  object: z.string(),
  columns: z.array(z.object({ name: z.string(), label: z.string(), type: z.string() })),
  /** Values as strings or null, by field API name; `Id` is always there. */
  rows: z.array(z.record(z.string(), z.string().nullable())),
  /** Rows that match the filter. */
  total: z.int().nonnegative(),
  /** Sums of the drilled metric's measure over all matching rows, when the filter is a drill. */
  sums: z.record(z.string(), z.string()).optional(),
  nextCursor: z.string().nullable(),
  /** Address prefix of a record in Salesforce; append `<Id>/view`. */
  recordUrl: z.string().nullable(),
  coverage: z.object({ status: z.enum(['complete', 'loading', 'partial', 'stale', 'unknown']), asOf: z.iso.datetime().nullable() }),
});
export type RecordsAnswer = z.infer<typeof RecordsAnswer>;
