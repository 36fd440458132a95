import { ConnectionId, SyncRunId } from '@tributary/event-contracts';
import { z } from 'zod';
import { Catalogue, Selection } from '../http/catalogue.ts';
import { ConnectionSync } from '../http/connection.ts';
import { SyncRun, SyncRunList, SyncRunStarted } from '../http/sync-run.ts';
import { defineRequest } from './define-request.ts';

const ofConnection = z.strictObject({ connectionId: ConnectionId });

/** Sync state of several connections at once; unknown ids are left out. */
export const connectionSyncs = defineRequest('ingest', 'connection.syncs', z.strictObject({ connectionIds: z.array(ConnectionId).max(500) }),
  z.object({ syncs: z.record(z.string(), ConnectionSync) }));

export const listSyncRuns = defineRequest('ingest', 'run.list', ofConnection.extend({ limit: z.int().min(1).max(200).default(50) }), SyncRunList);

/** @throws NotFound `SYNC_RUN_NOT_FOUND` */
export const getSyncRun = defineRequest('ingest', 'run.get', ofConnection.extend({ runId: SyncRunId }), SyncRun);

/** Opens a run now, or returns the open one. @throws Conflict `CONNECTION_NOT_READY` */
export const startSyncRun = defineRequest('ingest', 'run.start', ofConnection, SyncRunStarted);

export const getCatalogue = defineRequest('ingest', 'catalogue.get', ofConnection.extend({ object: z.string().max(80).optional() }), Catalogue, { timeoutMs: 30_000 });

/** Replaces the selection; takes effect with the next run, which is opened at once. @throws InvalidInput `SELECTION_UNKNOWN_OBJECT` */
export const putSelection = defineRequest('ingest', 'selection.put', ofConnection.extend({ selection: Selection }), Catalogue, { timeoutMs: 30_000 });
