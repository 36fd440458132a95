import { z } from 'zod';

/** `GET /api/session` */
export const Session = z.discriminatedUnion('signedIn', [
  z.object({ signedIn: z.literal(false), loginUrl: z.url(), simulated: z.boolean() }),
  z.object({
    signedIn: z.literal(true),
    person: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }),
    workspace: z.object({ id: z.uuid(), name: z.string() }),
    /** Instant at which the session ends without activity. */
    expiresAt: z.iso.datetime(),
    loginUrl: z.url(),
    /** Whether the host offered first is not Salesforce's own. */
    simulated: z.boolean(),
  }),
]);
export type Session = z.infer<typeof Session>;
