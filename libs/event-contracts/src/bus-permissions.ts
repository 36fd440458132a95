import { durableConsumers, eventStream, inboxPrefixOf, requestSubject, type BusService } from './stream.ts';

/** What a NATS user may do; subjects in the server's own wildcard syntax. */
export interface BusPermissions {
  readonly publish: readonly string[];
  readonly denyPublish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer requests that reach it, without a standing right to publish to inboxes. */
  readonly allowResponses: boolean;
}

/** Asking for an access token is for ingest-service alone. */
const leaseSubject = requestSubject('auth', 'lease');
/** The connect doctor of auth-service lets ingest-service look at the org. */
const probeSubject = requestSubject('ingest', 'doctor.probe');
/** What a workspace is named after: ingest-service has copied the name of its org. */
const syncsSubject = requestSubject('ingest', 'connection.syncs');

function ownDurables(service: BusService): string[] {
  return durableConsumers.filter((consumer) => consumer.service === service).flatMap(({ name }) => [
    `$JS.API.CONSUMER.INFO.${eventStream}.${name}`,
    `$JS.API.CONSUMER.CREATE.${eventStream}.${name}`,
    `$JS.API.CONSUMER.CREATE.${eventStream}.${name}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${eventStream}.${name}`,
    `$JS.API.CONSUMER.MSG.NEXT.${eventStream}.${name}`,
    `$JS.ACK.${eventStream}.${name}.>`,
  ]);
}

/** Reading the stream's state and making it again when it is gone; never updating, purging or deleting it. */
const ownStream = ['$JS.API.INFO', `$JS.API.STREAM.INFO.${eventStream}`, `$JS.API.STREAM.CREATE.${eventStream}`];

function service(name: Exclude<BusService, 'gateway'>, more: readonly string[] = []): BusPermissions {
  return {
    publish: [`tributary.${name}.>`, 'tributary.live.>', ...more, ...ownStream, ...ownDurables(name)],
    denyPublish: [],
    subscribe: [`${inboxPrefixOf(name)}.>`, `tributary.rpc.${name}.>`],
    allowResponses: true,
  };
}

/** Least privilege on the bus: what each user may publish and subscribe. */
export function busPermissions(): Readonly<Record<BusService | 'admin', BusPermissions>> {
  return {
    auth: service('auth', [probeSubject, syncsSubject]),
    ingest: service('ingest', [leaseSubject]),
    analytics: service('analytics'),
    gateway: {
      publish: ['tributary.rpc.auth.>', 'tributary.rpc.ingest.>', 'tributary.rpc.analytics.>'],
      denyPublish: [leaseSubject, probeSubject],
      subscribe: [`${inboxPrefixOf('gateway')}.>`, 'tributary.live.>'],
      allowResponses: false,
    },
    admin: { publish: ['$JS.API.>'], denyPublish: [], subscribe: [`${inboxPrefixOf('admin')}.>`, '$JS.EVENT.ADVISORY.>'], allowResponses: false },
  };
}
