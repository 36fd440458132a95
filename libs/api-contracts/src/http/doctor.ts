import { z } from 'zod';

/** One check: what was looked at, what was seen, and how to mend it. */
export const DoctorCheck = z.object({
  /** Stable code, such as `login-host`, `app-installed`, `scopes`, `certificate`. */
  code: z.string(),
  title: z.string(),
  outcome: z.enum(['ok', 'warn', 'fail', 'skipped']),
  /** Cause code; null when ok. */
  cause: z.string().nullable(),
  who: z.enum(['user', 'admin', 'operator', 'nobody']).nullable(),
  /** What was seen, in figures and names. */
  evidence: z.string(),
  /** What to do; null when ok. */
  fix: z.string().nullable(),
  /** Page of the org's set-up where it is done; null when there is none. */
  link: z.url().nullable(),
});
export type DoctorCheck = z.infer<typeof DoctorCheck>;

/** `POST /api/connections/{id}/doctor` */
export const DoctorReport = z.object({
  at: z.iso.datetime(),
  /** The worst outcome of all checks. */
  outcome: z.enum(['ok', 'warn', 'fail']),
  checks: z.array(DoctorCheck),
  /** Plain text to hand to the Salesforce administrator; null when nothing is theirs to do. */
  textForAdmin: z.string().nullable(),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
