import { madeCall, type CallLog, type MadeCall } from '@tributary/persistence';
import type { PubSubObserver } from '@tributary/salesforce-client';

/** Keeps what a connection asks of the Pub/Sub API; a stream is one call, told of anew with what it has brought so far. */
export function callObserver(connectionId: string, log: CallLog): PubSubObserver {
  const kept = new Map<symbol, MadeCall>();
  return ({ call, path, status, ms, events }) => {
    const known = kept.get(call) ?? madeCall({ connectionId, method: 'GRPC', path, purpose: events === undefined ? 'event-schema' : 'subscribe', rows: events, status, ms });
    const made = { ...known, status, ms, rows: events };
    // Other calls are told of once.
    if (events !== undefined) kept.set(call, made);
    log.note(made);
  };
}
