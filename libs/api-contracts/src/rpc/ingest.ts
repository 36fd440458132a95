import { ConnectionId, PersonId, SyncRunId, WorkspaceId } from '@tributary/event-contracts';
import { z } from 'zod';
import { Catalogue, Selection } from '../http/catalogue.ts';
import { ConnectionSync } from '../http/connection.ts';
import { ChangeEvents } from '../http/change-events.ts';
import { CallsRequest, SalesforceCallList } from '../http/calls.ts';
import { DeletionConfirmation, DeletionList } from '../http/deletions.ts';
import { NewFieldDecisions, SelectionEstimate, SyncForecast, SyncSettings, SyncSettingsView } from '../http/sync-settings.ts';
import { SyncRun, SyncRunList, SyncRunStarted } from '../http/sync-run.ts';
import { defineRequest } from './define-request.ts';

/** The workspace is that of the person who asks, as their session tells it: rows of another one are not seen. */
const ofConnection = z.strictObject({ workspaceId: WorkspaceId, connectionId: ConnectionId });

/** Sync state of several connections of a workspace at once; unknown ids are left out. */
export const connectionSyncs = defineRequest('ingest', 'connection.syncs', z.strictObject({ workspaceId: WorkspaceId, connectionIds: z.array(ConnectionId).max(500) }),
  z.object({ syncs: z.record(z.string(), ConnectionSync) }));

export const listSyncRuns = defineRequest('ingest', 'run.list', ofConnection.extend({ limit: z.int().min(1).max(200).default(50) }), SyncRunList);

/** @throws NotFound `SYNC_RUN_NOT_FOUND` */
export const getSyncRun = defineRequest('ingest', 'run.get', ofConnection.extend({ runId: SyncRunId }), SyncRun);

/** Opens a run now, or returns the open one. @throws Conflict `CONNECTION_NOT_READY` */
export const startSyncRun = defineRequest('ingest', 'run.start', ofConnection, SyncRunStarted);

export const getCatalogue = defineRequest('ingest', 'catalogue.get', ofConnection.extend({ object: z.string().max(80).optional() }), Catalogue, { timeoutMs: 30_000 });

/** Replaces the selection; takes effect with the next run, which is opened at once. @throws InvalidInput `SELECTION_UNKNOWN_OBJECT` */
export const putSelection = defineRequest('ingest', 'selection.put', ofConnection.extend({ selection: Selection }), Catalogue, { timeoutMs: 30_000 });

/** What copying a selection would take. Counts are asked of Salesforce when they are older than an hour. @throws InvalidInput `SELECTION_UNKNOWN_OBJECT` */
export const estimateSelection = defineRequest('ingest', 'selection.estimate', ofConnection.extend({ selection: Selection }), SelectionEstimate, { timeoutMs: 30_000 });

/** Lets Salesforce tell of changes, or no longer. @throws NotFound `CONNECTION_UNKNOWN` */
export const switchChangeEvents = defineRequest('ingest', 'change-events.switch', ofConnection.extend({ on: z.boolean() }), ChangeEvents);

export const getSyncSettings = defineRequest('ingest', 'settings.get', ofConnection, SyncSettingsView);

/** Replaces schedule, budget and the policy for new fields. @throws InvalidInput `FORECAST_OVER_BUDGET` when the org's calls would not do and it needs more of them than before */
export const putSyncSettings = defineRequest('ingest', 'settings.put', ofConnection.extend({ settings: SyncSettings }), SyncSettingsView);

/** What settings would cost, without keeping them. */
export const forecastSync = defineRequest('ingest', 'settings.forecast', ofConnection.extend({ settings: SyncSettings }), SyncForecast);

/** Decides about fields that appeared; copied ones come with the next run, which is opened at once. */
export const decideNewFields = defineRequest('ingest', 'fields.decide', ofConnection.extend({ decisions: NewFieldDecisions.shape.decisions }), SyncSettingsView);

/** How deletions of each object are found, and which are held. */
export const listDeletions = defineRequest('ingest', 'deletions.list', ofConnection, DeletionList);

/** A person says that rows held back really are gone; marked by the next run, which is opened at once. @throws Conflict `HELD_DELETIONS_CHANGED` */
export const confirmDeletions = defineRequest('ingest', 'deletions.confirm', ofConnection.extend({ personId: PersonId, ...DeletionConfirmation.shape }), DeletionList);

/** Calls of the data APIs and of the Pub/Sub API, newest first. */
export const listSalesforceCalls = defineRequest('ingest', 'calls.list', ofConnection.extend({ ...CallsRequest.shape, limit: z.int().min(1).max(500).default(100) }), SalesforceCallList);
