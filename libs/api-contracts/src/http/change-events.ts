import { z } from 'zod';

/** `PUT /api/connections/{id}/change-events` */
export const ChangeEventsSwitch = z.strictObject({ on: z.boolean() });
export type ChangeEventsSwitch = z.infer<typeof ChangeEventsSwitch>;

/**
 * Whether Salesforce tells of changes: `off` nobody wants it · `connecting` wanted, not answered yet · `following` changed objects are read at once ·
 * `fallen-back` wanted, and for now only the schedule reads; `reason` says why.
 */
export const ChangeEvents = z.object({
  state: z.enum(['off', 'connecting', 'following', 'fallen-back']),
  /** Why it has fallen back, for programs and, as `reason`, for people; null unless it has. */
  cause: z.enum(['interrupted', 'allocation-used-up', 'not-offered', 'paused', 'consent-required']).nullable(),
  reason: z.string().nullable(),
  /** When it is tried again; null unless fallen back. */
  retryAt: z.iso.datetime().nullable(),
  /** Last sign of life, keep-alives included. */
  heardAt: z.iso.datetime().nullable(),
  lastEventAt: z.iso.datetime().nullable(),
  events: z.int().nonnegative(),
  /** Times when Salesforce could not tell what changed, and objects were read to find out. */
  gaps: z.int().nonnegative(),
});
export type ChangeEvents = z.infer<typeof ChangeEvents>;
