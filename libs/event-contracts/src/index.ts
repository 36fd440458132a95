export * from './ids.ts';
export { defineEvent, type Cause, type Envelope, type EventDefinition, type EventOf, type EventSource } from './define-event.ts';
export { allEvents } from './all-events.ts';
export { connectionAttention, Actor, type ConnectionAttention } from './auth/connection-attention.ts';
export { connectionAuthorized, type ConnectionAuthorized } from './auth/connection-authorized.ts';
export { connectionErased, type ConnectionErased } from './auth/connection-erased.ts';
export { connectionPaused, type ConnectionPaused } from './auth/connection-paused.ts';
export { signingKeyExpiring, type SigningKeyExpiring } from './auth/signing-key-expiring.ts';
export { tokenReady, type TokenReady } from './auth/token-ready.ts';
export { runStarted, type RunStarted } from './ingest/run-started.ts';
export { runFinished, RunOutcome, type RunFinished } from './ingest/run-finished.ts';
export { windowCommitted, type WindowCommitted } from './ingest/window-committed.ts';
export { schemaChanged, type SchemaChanged } from './ingest/schema-changed.ts';
export { accessRefused, AccessRefusal, type AccessRefused } from './ingest/access-refused.ts';
export { budgetLow, type BudgetLow } from './ingest/budget-low.ts';
export { copyClosed, type CopyClosed } from './ingest/copy-closed.ts';
export { deletionsConfirmed, type DeletionsConfirmed } from './ingest/deletions-confirmed.ts';
export { datasetClosed, type DatasetClosed } from './analytics/dataset-closed.ts';
export { datasetRefreshed, type DatasetRefreshed } from './analytics/dataset-refreshed.ts';
export {
  durableConsumerOf, durableConsumers, eventStream, eventSubjects, inboxPrefixOf, liveSubject, requestSubject, type BusService, type DurableConsumer,
} from './stream.ts';
export { busPermissions, type BusPermissions } from './bus-permissions.ts';
export { definitionOf, subjectOf, type AnyEnvelope } from './any-envelope.ts';
