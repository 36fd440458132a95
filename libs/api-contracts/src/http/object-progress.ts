import { z } from 'zod';

/** Per object: how far the copy is (live). */
export const ObjectProgress = z.object({
  object: z.string(),
  label: z.string(),
  status: z.enum(['waiting', 'counting', 'extracting', 'merging', 'complete', 'partial', 'failed']),
  /** Plain words for the present step. */
  step: z.string(),
  rowsDone: z.int().nonnegative(),
  /** Source count when known. */
  rowsTotal: z.int().nonnegative().nullable(),
  rowsPerSecond: z.number().nonnegative().nullable(),
  /** Range in seconds, after some seconds of work. */
  etaSeconds: z.object({ from: z.int().nonnegative(), to: z.int().nonnegative() }).nullable(),
  api: z.enum(['bulk', 'rest']).nullable(),
  apiCalls: z.int().nonnegative(),
});
export type ObjectProgress = z.infer<typeof ObjectProgress>;
