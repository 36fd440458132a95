import { z } from 'zod';
import { SyncRunSummary } from './sync-run.ts';
import { ChangeEvents } from './change-events.ts';
import { Hold } from './sync-settings.ts';

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

/** Which ways in a connection may use: the person's own grant, signed assertions, or both with one carrying on when the other dies. */
export const AccessPolicy = z.enum(['user', 'jwt', 'hybrid']);
export type AccessPolicy = z.infer<typeof AccessPolicy>;

/** One way in of a connection: what is known of it from what happened. No expiry is invented. */
export const WayIn = z.object({
  kind: z.enum(['user', 'jwt']),
  state: z.enum(['live', 'dead', 'none']),
  /** Number of the token set this way gave last. */
  epoch: z.int().positive().nullable(),
  /** First token of this way. */
  since: z.iso.datetime().nullable(),
  lastIssuedAt: z.iso.datetime().nullable(),
  /** Last time a token of this way was lent for work. */
  lastUsedAt: z.iso.datetime().nullable(),
  refreshCount: z.int().nonnegative(),
  /** Whether Salesforce replaces the refresh token at each refresh; null while unknown or not a refresh token. */
  rotates: z.boolean().nullable(),
  /** Shortest life of an access token seen so far, from issue to rejection; null before the first. */
  shortestLifeMs: z.int().nonnegative().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** Cause code of the end; null while alive. */
  endedBecause: z.string().nullable(),
});
export type WayIn = z.infer<typeof WayIn>;

/** The call for which a token was lent last, and why by this way. */
export const LastWay = z.object({ flow: TokenFlow, purpose: z.enum(['interactive', 'background']), at: z.iso.datetime(), reason: z.string() });
export type LastWay = z.infer<typeof LastWay>;

/** Who may see a connection's data: the person who consented, or everybody in the workspace once that person shared it. */
export const Visibility = z.enum(['private', 'workspace']);
export type Visibility = z.infer<typeof Visibility>;

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
  /** Address of the Experience Cloud site whose user it is; null for a user of the org itself. */
  site: z.url().nullable().default(null),
  createdAt: z.iso.datetime(),
  timeline: z.array(TimelineEntry),
  policy: AccessPolicy,
  /** Both ways in, the user's own first. */
  ways: z.array(WayIn),
  /** Null before the first lease. */
  lastWay: LastWay.nullable(),
  visibility: Visibility,
  /** Who consented; `isMe` when that is the person who asks. */
  owner: z.object({ id: z.uuid(), name: z.string(), isMe: z.boolean() }),
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
  /** Why nothing is read for now and until when; null or left out while work goes on. */
  hold: Hold.nullable().optional(),
  /** Whether changes are told of by Salesforce and read at once; polling goes on either way. Left out by an older service. */
  changeEvents: ChangeEvents.optional(),
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
