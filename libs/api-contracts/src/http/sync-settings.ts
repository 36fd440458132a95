import { z } from 'zod';
import { ObjectName } from './object-name.ts';

const interval = z.int().min(60).max(7 * 86_400);

/** What happens to fields that appear in the org after the selection was made. */
export const NewFieldPolicy = z.enum(['copy', 'ask', 'ignore']);
export type NewFieldPolicy = z.infer<typeof NewFieldPolicy>;

/** How one object departs from the connection's own schedule. */
export const ObjectSchedule = z.strictObject({
  name: ObjectName,
  /** Seconds; null for the connection's own interval. */
  intervalSeconds: interval.nullable().default(null),
  /** What is read first when calls are few. */
  priority: z.enum(['first', 'normal', 'last']).default('normal'),
  paused: z.boolean().default(false),
});
export type ObjectSchedule = z.infer<typeof ObjectSchedule>;

/** `PUT /api/connections/{id}/sync-settings` */
export const SyncSettings = z.strictObject({
  /** Seconds between runs; null for what the installation gives. */
  intervalSeconds: interval.nullable().default(null),
  /** Share of the org's daily calls, used by everybody together, from which Tributary stops; the rest is left to others. */
  totalShare: z.number().min(0.05).max(0.95).default(0.8),
  /** Share of the org's daily calls one run may use. */
  runShare: z.number().min(0.01).max(1).default(0.25),
  newFields: NewFieldPolicy.default('copy'),
  objects: z.array(ObjectSchedule).max(1_000).default([]),
});
export type SyncSettings = z.infer<typeof SyncSettings>;

/** What settings would cost. */
export const SyncForecast = z.object({
  runsPerDay: z.number().nonnegative(),
  callsPerRun: z.number().nonnegative(),
  callsPerDay: z.int().nonnegative(),
  /** Calls per day the org may make in all; null until Salesforce told. */
  limit: z.int().positive().nullable(),
  /** Calls per day up to which Tributary works; null until Salesforce told. */
  ceiling: z.int().nonnegative().nullable(),
  /** Calls others made in the last 24 hours, as far as can be told; null until Salesforce told. */
  usedByOthers: z.int().nonnegative().nullable(),
  fits: z.boolean(),
});
export type SyncForecast = z.infer<typeof SyncForecast>;

/** A field that appeared and waits for a decision, or was left out. */
export const NewField = z.object({ object: z.string(), field: z.string(), decision: z.enum(['waiting', 'copy', 'ignore']), seenAt: z.iso.datetime() });
export type NewField = z.infer<typeof NewField>;

/** `GET /api/connections/{id}/sync-settings` */
export const SyncSettingsView = z.object({
  settings: SyncSettings,
  /** Seconds the installation gives where a connection has no interval of its own. */
  defaultIntervalSeconds: z.int().positive(),
  forecast: SyncForecast,
  /** Objects in the order in which they are read, with the interval that holds for each. */
  objects: z.array(z.object({ name: z.string(), label: z.string(), intervalSeconds: z.int().positive(), priority: ObjectSchedule.shape.priority, paused: z.boolean(), lastReadAt: z.iso.datetime().nullable() })),
  newFields: z.array(NewField),
});
export type SyncSettingsView = z.infer<typeof SyncSettingsView>;

/** `PUT /api/connections/{id}/new-fields`: what becomes of fields that wait. */
export const NewFieldDecisions = z.strictObject({
  decisions: z.array(z.strictObject({ object: ObjectName, field: ObjectName, decision: z.enum(['copy', 'ignore']) })).min(1).max(1_000),
});
export type NewFieldDecisions = z.infer<typeof NewFieldDecisions>;

/** Work stands still until a time, and why. */
export const Hold = z.object({ code: z.string(), text: z.string(), until: z.iso.datetime() });
export type Hold = z.infer<typeof Hold>;

/** `POST /api/connections/{id}/selection-estimate`: what copying a selection would take, before anything starts. */
export const SelectionEstimate = z.object({
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  apiCalls: z.int().nonnegative(),
  minutes: z.object({ from: z.number().nonnegative(), to: z.number().nonnegative() }),
  /** Objects Salesforce gives no count of; they are not in the sums. */
  uncounted: z.array(z.string()),
  objects: z.array(z.object({ name: z.string(), rows: z.int().nonnegative().nullable(), bytes: z.int().nonnegative(), apiCalls: z.int().nonnegative() })),
  countedAt: z.iso.datetime(),
});
export type SelectionEstimate = z.infer<typeof SelectionEstimate>;
