import type { EventSource } from './define-event.ts';

/** Name of the one JetStream stream. */
export const eventStream = 'EVT';

/** Subjects kept in the stream: every event, and nothing else (no request/reply, no live progress). */
export const eventSubjects = ['tributary.auth.>', 'tributary.ingest.>', 'tributary.analytics.>'] as const;

/** Services that talk on the bus. */
export type BusService = 'auth' | 'ingest' | 'analytics' | 'gateway';

/** A durable consumer: one service reading one family of events. */
export interface DurableConsumer {
  /** `<service>_<family>` */
  readonly name: string;
  readonly service: BusService;
  readonly family: EventSource;
  readonly filterSubject: string;
}

function durable(service: BusService, family: EventSource): DurableConsumer {
  return { name: `${service}_${family}`, service, family, filterSubject: `tributary.${family}.>` };
}

/** All durable consumers of the product. Outside services make their own. */
export const durableConsumers: readonly DurableConsumer[] = [
  durable('ingest', 'auth'),
  durable('analytics', 'ingest'),
  durable('analytics', 'auth'),
  durable('auth', 'ingest'),
  durable('auth', 'analytics'),
];

/** The durable consumer by which a service reads a family. */
export function durableConsumerOf(service: BusService, family: EventSource): DurableConsumer | undefined {
  return durableConsumers.find((consumer) => consumer.service === service && consumer.family === family);
}

/** Subject of live progress: plain NATS, never stored; losing it costs nothing. */
export function liveSubject(connectionId: string): string {
  return `tributary.live.${connectionId}`;
}

/** Subject on which a service answers a request. */
export function requestSubject(service: BusService, name: string): string {
  return `tributary.rpc.${service}.${name}`;
}

/** Prefix of a service's reply inbox, so that no other service can listen to its replies. */
export function inboxPrefixOf(user: BusService | 'admin'): string {
  return `_INBOX_${user}`;
}
