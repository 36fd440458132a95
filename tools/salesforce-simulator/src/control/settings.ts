import { z } from 'zod';

const day = 24 * 60 * 60_000;

/** Every switch of the simulator, with what a current org does as default. Times are milliseconds. */
export const Settings = z.strictObject({
  /** Each refresh gives a new refresh token and ends the old one. */
  rotation: z.boolean().default(true),
  /** A dead refresh token that is used again revokes its whole family. */
  reuseRevokesFamily: z.boolean().default(true),
  accessTokenLifeMs: z.number().positive().default(2 * 60 * 60_000),
  /** Use keeps a session alive. */
  slidingSession: z.boolean().default(true),
  /** A session's end moves only once half of its life has passed. */
  slidesAtHalfLife: z.boolean().default(true),
  /** Access tokens die after this many data calls; null for never. */
  accessTokenCalls: z.int().positive().nullable().default(null),
  /** The consent page is shown when the user has not approved the app yet. */
  consentNeeded: z.boolean().default(true),
  pkceRequired: z.boolean().default(true),
  secretRequired: z.boolean().default(true),
  codeLifeMs: z.number().positive().default(15 * 60_000),
  /** How long a refresh takes; a second one with the same token meanwhile is turned away. */
  refreshProcessingMs: z.number().nonnegative().default(40),
  refreshTokenIdleMs: z.number().positive().nullable().default(30 * day),
  refreshTokenLifeMs: z.number().positive().nullable().default(null),
  grantsPerUserAndApp: z.int().positive().default(5),
  scopes: z.array(z.string()).default(['api', 'refresh_token', 'offline_access', 'openid', 'id', 'profile', 'email', 'address', 'phone', 'web']),
  /** `instance_url` of later token answers; null for the simulator's own org. */
  instanceUrl: z.string().nullable().default(null),
  /** The app is installed in the org; else a page of Salesforce ends the sign-in. */
  appInstalled: z.boolean().default(true),
  /** What becomes of a refresh when the app is not installed, which is documented for JWT bearer alone: refused in those words, refused as if the secret were wrong, or answered all the same. */
  uninstalledRefresh: z.enum(['named', 'as-wrong-secret', 'answered']).default('named'),
  appBlocked: z.boolean().default(false),
  /** `admin-approved`: only users in `preauthorisedUsers` may use the app. */
  permittedUsers: z.enum(['all', 'admin-approved']).default('all'),
  preauthorisedUsers: z.array(z.string()).default([]),
  userIpBlocked: z.boolean().default(false),
  appIpBlocked: z.boolean().default(false),
  orgInactive: z.boolean().default(false),
  inactiveUsers: z.array(z.string()).default([]),
  /** Users of an Experience Cloud site: an assertion for one of them has to name the site, and nothing else. */
  siteUsers: z.array(z.strictObject({ username: z.string(), site: z.url() })).default([]),
  /** How a refresh of one of `inactiveUsers` is refused: by name, or in the words for every dead token. */
  inactiveRefresh: z.enum(['named', 'as-expired']).default('named'),
  /** The org was made anew: no token of before is known, nor its Id. */
  sandboxRefreshed: z.boolean().default(false),
  /** The network of the caller is contained: a refresh from it ends every grant and session of the user. */
  networkContained: z.boolean().default(false),
  /** Every request for tokens is refused so, also one with a good token, code or assertion. */
  tokenRefusal: z.enum(['login-rate', 'app-version', 'password-changed', 'not-admin-approved', 'must-be-installed', 'approval-error', 'app-blocked', 'client-credentials', 'client-id', 'flow-disabled', 'expired-code']).nullable().default(null),
  /** How far in the past the `exp` of an assertion may lie. */
  jwtSkewMs: z.number().nonnegative().default(3 * 60_000),
  /** JWT bearer gives the token of a session that still lives again. */
  jwtReusesSession: z.boolean().default(false),
  /** Which clock dates id tokens: those who verify them use their machine's. */
  idTokenClock: z.enum(['machine', 'simulator']).default('machine'),
  oldestApiVersion: z.int().default(31),
  newestApiVersion: z.int().default(66),
  dailyApiRequests: z.int().positive().default(1_000_000),
  /** What the call counter says before the first call; lets tests begin near the limit. */
  apiRequestsUsed: z.int().nonnegative().default(0),
  limitHeader: z.boolean().default(true),
  perAppLimitHeader: z.boolean().default(false),
  apiEnabled: z.boolean().default(true),
  /** Sessions are turned away by policy: refreshing does not help. */
  sessionRefused: z.boolean().default(false),
  maintenance: z.enum(['none', 'json', 'html']).default('none'),
  orgGone: z.boolean().default(false),
  queryPageRows: z.int().positive().max(2_000).default(2_000),
  cursorLifeMs: z.number().positive().default(2 * day),
  getDeletedDays: z.number().positive().default(15),
  /** How far behind its clock getUpdated and getDeleted are sure to be complete. */
  replicationLagMs: z.number().nonnegative().default(0),
  bulkQueueMs: z.number().nonnegative().default(120),
  bulkRunMs: z.number().nonnegative().default(180),
  /** Rows of a result page when the caller names no maximum, and of each of `resultPages`. */
  bulkPageRows: z.int().positive().default(50_000),
  bulkJobsPerDay: z.int().nonnegative().default(10_000),
  bulkEarlyResults: z.union([z.literal(412), z.literal(204)]).default(412),
  bulkEmptyResult: z.enum(['header', 'nothing']).default('header'),
  bulkGzip: z.boolean().default(true),
  /** Jobs stay in this state. */
  bulkStuckIn: z.enum(['UploadComplete', 'InProgress']).nullable().default(null),
  /** Jobs that will fail: the next `times` ones over `object` (any when absent), with or without a message. */
  bulkFailures: z.array(z.strictObject({ object: z.string().optional(), message: z.string().nullable(), times: z.int().positive().default(1) })).default([]),
  bulkDailyVolumeExceeded: z.boolean().default(false),
  /** What stands in `nextRecordsUrl` of the last `resultPages` answer. */
  bulkNextUrlWhenDone: z.enum(['absent', 'null']).default('absent'),
  bulkPagesSpelling: z.enum(['resultpages', 'resultPages']).default('resultpages'),
  /** Added to `Sforce-NumberOfRecords`, which then lies. */
  bulkRecordCountError: z.int().default(0),
  /** How long a change stays invisible after its SystemModstamp. */
  commitDelayMs: z.number().nonnegative().default(0),
  /** Objects whose changes are published as events; none in an org without Change Data Capture. */
  changeEventObjects: z.array(z.string()).default(['Account', 'Contact', 'Lead', 'Opportunity', 'Case']),
  /** The users have the permission to subscribe. */
  changeEventsAllowed: z.boolean().default(true),
  /** Events delivered to all subscribers together within 24 hours. */
  changeEventsPerDay: z.int().nonnegative().default(25_000),
  changeEventRetentionMs: z.number().positive().default(3 * day),
  /** An empty batch is sent when there was nothing to tell for so long. */
  changeEventKeepAliveMs: z.number().positive().default(270_000),
  /** Added to the `Date` header. */
  dateHeaderSkewMs: z.number().default(0),
  /** Field-level security: hidden for everybody, or for one user. */
  hiddenFields: z.array(z.strictObject({ object: z.string(), field: z.string(), username: z.string().optional() })).default([]),
  /** Fields by which no query may find or order rows; `described` when describe says so too. */
  unfilterableFields: z.array(z.strictObject({ object: z.string(), field: z.string(), described: z.boolean().default(false) })).default([]),
  /** What the setup tells: FieldDefinition all fields or only those the user may read, with FieldPermissions of all; or nothing, because the user may not see it. */
  setupSight: z.enum(['all', 'visible', 'refused']).default('all'),
  /** Whether an object's description is called changed when a field of it was made anew and nothing else. */
  describeTellsRemade: z.boolean().default(true),
  hiddenObjects: z.array(z.strictObject({ object: z.string(), username: z.string().optional() })).default([]),
  /** Ids of records that sharing hides. */
  hiddenRecords: z.array(z.string()).default([]),
});
export type Settings = z.infer<typeof Settings>;

export function defaultSettings(): Settings {
  return Settings.parse({});
}
