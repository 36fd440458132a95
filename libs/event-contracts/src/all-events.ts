import { connectionAttention } from './auth/connection-attention.ts';
import { connectionAuthorized } from './auth/connection-authorized.ts';
import { connectionErased } from './auth/connection-erased.ts';
import { connectionPaused } from './auth/connection-paused.ts';
import { signingKeyExpiring } from './auth/signing-key-expiring.ts';
import { tokenReady } from './auth/token-ready.ts';
import { datasetClosed } from './analytics/dataset-closed.ts';
import { datasetRefreshed } from './analytics/dataset-refreshed.ts';
import type { EventDefinition } from './define-event.ts';
import { accessRefused } from './ingest/access-refused.ts';
import { budgetLow } from './ingest/budget-low.ts';
import { copyClosed } from './ingest/copy-closed.ts';
import { deletionsConfirmed } from './ingest/deletions-confirmed.ts';
import { runFinished } from './ingest/run-finished.ts';
import { runStarted } from './ingest/run-started.ts';
import { schemaChanged } from './ingest/schema-changed.ts';
import { windowCommitted } from './ingest/window-committed.ts';

/** Every event there is, in the order of the documentation. */
export const allEvents: readonly EventDefinition[] = [
  connectionAuthorized, tokenReady, connectionAttention, connectionPaused, connectionErased, signingKeyExpiring,
  runStarted, windowCommitted, runFinished, schemaChanged, accessRefused, budgetLow, copyClosed, deletionsConfirmed,
  datasetRefreshed, datasetClosed,
];
