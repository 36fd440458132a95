import { z } from 'zod';
import { ObjectProgress } from './object-progress.ts';

/** Counts that prove one window of an object complete. */
export const Receipt = z.object({
  id: z.uuid(),
  object: z.string(),
  /** Whether whole rows were read or only their formula fields, whose values change without a change of the row; left out means rows. */
  scope: z.enum(['rows', 'formulas']).optional(),
  api: z.enum(['bulk', 'rest']),
  /** Rows the source says the window has. */
  sourceCount: z.int().nonnegative().nullable(),
  /** Rows the Bulk job says it wrote. */
  jobCount: z.int().nonnegative().nullable(),
  /** Pages in which the rows came; left out where they were not counted. */
  pages: z.int().nonnegative().optional(),
  parsed: z.int().nonnegative(),
  inserted: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  unchanged: z.int().nonnegative(),
  /** Rows that were read twice, of which the newer one counts. */
  superseded: z.int().nonnegative().optional(),
  tombstones: z.int().nonnegative(),
  /** Characters or values that could not be stored as sent. */
  substitutions: z.int().nonnegative(),
  apiCalls: z.int().nonnegative(),
  windowFrom: z.iso.datetime().nullable(),
  windowUntil: z.iso.datetime().nullable(),
  settledUntil: z.iso.datetime().nullable(),
  complete: z.boolean(),
  /** Why not complete, or what explains a difference; a plain sentence. */
  reason: z.string().nullable(),
  committedAt: z.iso.datetime(),
});
export type Receipt = z.infer<typeof Receipt>;

/** What the objects a run reads whole were to take, told before their first row was read. Without a count of any of them there are no numbers. */
export const RunEstimate = z.object({
  /** Names of those objects; others of the run read only what changed. */
  objects: z.array(z.string()),
  rows: z.int().nonnegative().nullable(),
  bytes: z.int().nonnegative().nullable(),
  apiCalls: z.int().nonnegative().nullable(),
  minutes: z.object({ from: z.number().nonnegative(), to: z.number().nonnegative() }).nullable(),
  /** Objects Salesforce gives no count of; they are not in the sums. */
  uncounted: z.array(z.string()),
  /** When Salesforce counted; null when it gave no counts. */
  countedAt: z.iso.datetime().nullable(),
  /** What they took; null until the run has ended. */
  took: z.object({ rows: z.int().nonnegative(), bytes: z.int().nonnegative(), apiCalls: z.int().nonnegative(), minutes: z.number().nonnegative() }).nullable(),
});
export type RunEstimate = z.infer<typeof RunEstimate>;

export const SyncRunSummary = z.object({
  id: z.uuid(),
  kind: z.enum(['first', 'incremental']),
  status: z.enum(['running', 'complete', 'partial', 'failed']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  rows: z.int().nonnegative(),
  apiCalls: z.int().nonnegative(),
  /** Of a first run and of one after a change of what is copied; null for runs that read only what changed, and before the run is planned. */
  estimate: RunEstimate.nullable().default(null),
  reasons: z.array(z.object({ object: z.string().nullable(), code: z.string(), text: z.string() })),
});
export type SyncRunSummary = z.infer<typeof SyncRunSummary>;

/** Progress of one object within a run, with its receipts. */
export const SyncRunObject = ObjectProgress.extend({ receipts: z.array(Receipt) });
export type SyncRunObject = z.infer<typeof SyncRunObject>;

/** `GET /api/connections/{id}/sync-runs/{runId}` */
export const SyncRun = SyncRunSummary.extend({
  objects: z.array(SyncRunObject),
  /** Seconds until the first board can be shown; null when it can be shown now or is unknown. */
  firstBoardSeconds: z.int().nonnegative().nullable(),
});
export type SyncRun = z.infer<typeof SyncRun>;

export const SyncRunList = z.object({ runs: z.array(SyncRunSummary) });
export type SyncRunList = z.infer<typeof SyncRunList>;

/** `POST /api/connections/{id}/sync-runs`: 201 when opened, 200 when one was already open. */
export const SyncRunStarted = z.object({ run: SyncRunSummary, alreadyOpen: z.boolean() });
export type SyncRunStarted = z.infer<typeof SyncRunStarted>;
