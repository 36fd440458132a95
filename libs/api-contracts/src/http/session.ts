import { z } from 'zod';
import { Role, SignInProvider } from './people.ts';

/** `GET /api/session` */
export const Session = z.discriminatedUnion('signedIn', [
  z.object({ signedIn: z.literal(false), loginUrl: z.url(), simulated: z.boolean(), providers: z.array(SignInProvider) }),
  z.object({
    signedIn: z.literal(true),
    person: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }),
    workspace: z.object({ id: z.uuid(), name: z.string() }),
    role: Role,
    /** Until then what needs a fresh sign-in is allowed without another one. */
    freshUntil: z.iso.datetime(),
    /** Instant at which the session ends without activity. */
    expiresAt: z.iso.datetime(),
    loginUrl: z.url(),
    /** Whether the host offered first is not Salesforce's own. */
    simulated: z.boolean(),
    /** Ways to sign in besides Salesforce. */
    providers: z.array(SignInProvider),
  }),
]);
export type Session = z.infer<typeof Session>;

/** `POST /api/session` */
export const SignInTicket = z.strictObject({ ticket: z.string().min(20).max(200) });
export type SignInTicket = z.infer<typeof SignInTicket>;
