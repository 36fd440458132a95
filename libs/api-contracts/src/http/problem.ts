import { z } from 'zod';

/** RFC 9457 problem document, `application/problem+json`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** Stable code, upper snake case or `query.*`. */
  code: z.string(),
  /** What happened, in a sentence. */
  detail: z.string(),
  /** What the person can do. */
  action: z.string().optional(),
  correlationId: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;
