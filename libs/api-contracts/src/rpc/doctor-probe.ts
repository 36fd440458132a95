import { ConnectionId, WorkspaceId } from '@tributary/event-contracts';
import { z } from 'zod';
import { defineRequest } from './define-request.ts';

/** What stopped a look. */
export const ProbeFailure = z.object({ code: z.string(), text: z.string() });
export type ProbeFailure = z.infer<typeof ProbeFailure>;

/** What was seen, or why it could not be looked at. */
function look<T extends z.ZodType>(seen: T) {
  return z.discriminatedUnion('looked', [z.object({ looked: z.literal(true), seen }), z.object({ looked: z.literal(false), because: ProbeFailure })]);
}

/** A limit of the org: how much there is, and how much is left. */
const headRoom = z.object({ max: z.number(), remaining: z.number() }).nullable();

/** One object of the preset as the connected user sees it. */
const probedObject = z.object({
  name: z.string(),
  visible: z.boolean(),
  /** Fields without which figures are wrong or missing, and that this user cannot see. */
  hiddenKeyFields: z.array(z.string()),
  keyFields: z.int().nonnegative(),
  /** What the user could do besides reading. */
  mayChange: z.boolean(),
});

/** Facts about an org that only data calls can tell; nothing is judged here. */
export const DoctorFacts = z.object({
  /** Whether a token was lent, and taken by the org. */
  access: look(z.object({ instanceUrl: z.string(), epoch: z.int().positive() })),
  versions: look(z.object({ offered: z.array(z.string()), used: z.string() })),
  limits: look(z.object({ dailyApiRequests: headRoom, bulkQueryJobs: headRoom, bulkQueryStorageMb: headRoom, reserveFrom: z.number().nullable() })),
  objects: look(z.object({ objects: z.array(probedObject), missing: z.array(z.string()) })),
  /** Permissions that are true for the whole org; null where Salesforce does not tell. */
  permissions: look(z.object({ viewAllData: z.boolean().nullable(), modifyAllData: z.boolean().nullable() })),
  organization: look(z.object({ id: z.string(), name: z.string(), timeZone: z.string().nullable(), fiscalYearStartMonth: z.int().nullable(), edition: z.string().nullable(), sandbox: z.boolean().nullable(), currency: z.string().nullable(), currencies: z.array(z.string()).nullable() })),
  /** Query jobs that were made and thrown away at once: one for each object that is copied; `refused` is null where Salesforce took it. */
  bulk: look(z.object({ objects: z.array(z.object({ name: z.string(), refused: ProbeFailure.nullable() })) })),
  calls: z.int().nonnegative(),
});
export type DoctorFacts = z.infer<typeof DoctorFacts>;

/** Asked by auth-service alone, for a person of the workspace. Never causes a refresh. @throws NotFound `CONNECTION_UNKNOWN` for a connection of another workspace */
export const probeOrg = defineRequest('ingest', 'doctor.probe', z.strictObject({ workspaceId: WorkspaceId, connectionId: ConnectionId }), DoctorFacts, { timeoutMs: 25_000 });
