import { z } from 'zod';
import { SyncRunSummary } from './sync-run.ts';

/** States of a connection; the machine is in the documentation of auth-service. */
export const ConnectionState = z.enum([
  'pending_consent', 'exchanging', 'active', 'refreshing', 'refresh_uncertain', 'degraded', 'held', 'needs_admin', 'needs_reconsent',
  'paused', 'disconnecting', 'disconnected', 'purged',
]);
export type ConnectionState = z.infer<typeof ConnectionState>;

/** Way by which the access token in use was obtained. */
export const TokenFlow = z.enum(['web-server', 'refresh-token', 'jwt-bearer']);
export type TokenFlow = z.infer<typeof TokenFlow>;

/** Why a connection needs somebody, in plain words. */
export const Attention = z.object({
  cause: z.string(),
  who: z.enum(['user', 'admin', 'operator', 'nobody']),
  text: z.string(),
  since: z.iso.datetime(),
});
export type Attention = z.infer<typeof Attention>;

/** One entry of a connection's life: consent, refresh, state changes. Newest first in lists. */
export const TimelineEntry = z.object({
  at: z.iso.datetime(),
  /** Stable code such as `consented`, `refreshed`, `state-changed`, `disconnected`. */
  kind: z.string(),
  text: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** What auth-service knows of a connection; contains no secret. */
export const ConnectionCore = z.object({
  id: z.uuid(),
  name: z.string(),
  state: ConnectionState,
  attention: Attention.nullable(),
  flow: TokenFlow.nullable(),
  /** Why this flow is in use, one sentence. */
  flowReason: z.string(),
  org: z.object({ id: z.string(), name: z.string().nullable(), kind: z.enum(['production', 'sandbox', 'developer', 'unknown']) }),
  user: z.object({ id: z.string(), name: z.string(), username: z.string().nullable() }),
  /** Host of the org's data API. */
  host: z.string(),
  /** Origin at which the person signs in again. */
  loginOrigin: z.url(),
  createdAt: z.iso.datetime(),
  timeline: z.array(TimelineEntry),
});
export type ConnectionCore = z.infer<typeof ConnectionCore>;

/** What ingest-service adds to a connection. */
export const ConnectionSync = z.object({
  /** PostgreSQL schema with one table per object; null before the first run. */
  warehouseSchema: z.string().nullable(),
  /** Name of the org as its `Organization` row tells it; null until that row was copied. */
  orgName: z.string().nullable(),
  lastRun: SyncRunSummary.nullable(),
  openRun: SyncRunSummary.nullable(),
  lastSyncAt: z.iso.datetime().nullable(),
  nextSyncAt: z.iso.datetime().nullable(),
  intervalSeconds: z.int().positive(),
  apiUsage: z.object({ used: z.int(), limit: z.int(), ceiling: z.int(), asOf: z.iso.datetime() }).nullable(),
});
export type ConnectionSync = z.infer<typeof ConnectionSync>;

/** `GET /api/connections/{id}` and the members of `GET /api/connections`. */
export const Connection = ConnectionCore.extend({ sync: ConnectionSync.nullable(), warehouseSchema: z.string().nullable() });
export type Connection = z.infer<typeof Connection>;

export const ConnectionList = z.object({ connections: z.array(Connection) });
export type ConnectionList = z.infer<typeof ConnectionList>;

/** `DELETE /api/connections/{id}` */
export const Disconnected = z.object({ id: z.uuid(), state: ConnectionState, revoked: z.boolean(), data: z.enum(['keep', 'erase']) });
export type Disconnected = z.infer<typeof Disconnected>;
