import { z } from 'zod';

/** Id of a connection: UUID v7, made by auth-service. */
export const ConnectionId = z.uuid().brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;

/** Id of a person: UUID v7. */
export const PersonId = z.uuid().brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

/** Id of a workspace: UUID v7. */
export const WorkspaceId = z.uuid().brand<'WorkspaceId'>();
export type WorkspaceId = z.infer<typeof WorkspaceId>;

/** Id of a sync run: UUID v7, made by ingest-service. */
export const SyncRunId = z.uuid().brand<'SyncRunId'>();
export type SyncRunId = z.infer<typeof SyncRunId>;

/** Id of a completeness receipt: UUID v7. */
export const ReceiptId = z.uuid().brand<'ReceiptId'>();
export type ReceiptId = z.infer<typeof ReceiptId>;

/** Salesforce org id, prefix `00D`; Salesforce itself gives 18 characters. */
export const OrgId = z.string().regex(/^00D[a-zA-Z0-9]{12,15}$/).brand<'OrgId'>();
export type OrgId = z.infer<typeof OrgId>;

/** Salesforce user id, prefix `005`; Salesforce itself gives 18 characters. */
export const SalesforceUserId = z.string().regex(/^005[a-zA-Z0-9]{12,15}$/).brand<'SalesforceUserId'>();
export type SalesforceUserId = z.infer<typeof SalesforceUserId>;

/** API name of a Salesforce object or field. */
export const ApiName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,79}$/);
export type ApiName = z.infer<typeof ApiName>;

/** Row version in the warehouse: whole number as a decimal string (exceeds JavaScript's safe integers). */
export const RowVersion = z.string().regex(/^\d{1,19}$/);
export type RowVersion = z.infer<typeof RowVersion>;

/** An instant, ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime();
