import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { SqlPool } from '@tributary/persistence';
import { BUS_TRANSPORT, endWithin, ReadinessChecks } from '@tributary/service-kit';
import { connectBus, type BusAddress } from './bus-connection.ts';
import { BusTransport } from './bus-transport.ts';
import { DeadLetters } from './dead-letters.ts';
import { LivePublisher, LiveSubscriber } from './live.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { Reconciler } from './reconciler.ts';
import { RequestClient } from './request-client.ts';

const longestEndMs = 5_000;

/** Injection token of the service's `NatsConnection`; used within this library and in tests. */
export const BUS_CONNECTION = Symbol('BUS_CONNECTION');

/** Starts what moves events, and stops it before the connections close. */
class BusLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(BUS_CONNECTION) private readonly connection: NatsConnection,
    private readonly reconciler: Reconciler | undefined,
    private readonly relay: OutboxRelay | undefined,
  ) {}

  onApplicationBootstrap(): void {
    this.reconciler?.start();
    this.relay?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await endWithin('the outbox relay', longestEndMs, Promise.resolve(this.relay?.stop()));
    await endWithin('the reconciler', longestEndMs, Promise.resolve(this.reconciler?.stop()));
    if (!this.connection.isClosed()) await endWithin('the connection to the broker', longestEndMs, this.connection.drain());
  }
}

/** The bus of a service: requests, live progress and, for services with events, outbox relay and consumers; global. */
@Module({})
export class MessagingModule {
  static forService(address: BusAddress): DynamicModule {
    const providers = address.service === 'gateway' ? withoutEvents(address) : withEvents(address);
    return { module: MessagingModule, global: true, providers: [connection(address), ...common, ...providers], exports: [BUS_CONNECTION, RequestClient, LivePublisher, LiveSubscriber, BUS_TRANSPORT] };
  }
}

function connection(address: BusAddress): Provider {
  return {
    provide: BUS_CONNECTION,
    inject: [ReadinessChecks],
    useFactory: async (readiness: ReadinessChecks): Promise<NatsConnection> => {
      const bus = await connectBus(address);
      readiness.add('bus', async () => void (await bus.rtt()));
      return bus;
    },
  };
}

const common: Provider[] = [
  { provide: RequestClient, inject: [BUS_CONNECTION], useFactory: (bus: NatsConnection) => new RequestClient(bus) },
  { provide: LivePublisher, inject: [BUS_CONNECTION], useFactory: (bus: NatsConnection) => new LivePublisher(bus) },
];

function withoutEvents({ service }: BusAddress): Provider[] {
  return [
    { provide: LiveSubscriber, inject: [BUS_CONNECTION], useFactory: (bus: NatsConnection) => new LiveSubscriber(bus) },
    { provide: BUS_TRANSPORT, inject: [BUS_CONNECTION], useFactory: (bus: NatsConnection) => new BusTransport(service, bus, undefined, undefined) },
    { provide: BusLifecycle, inject: [BUS_CONNECTION], useFactory: (bus: NatsConnection) => new BusLifecycle(bus, undefined, undefined) },
  ];
}

function withEvents({ service }: BusAddress): Provider[] {
  return [
    { provide: LiveSubscriber, useValue: undefined },
    { provide: DeadLetters, inject: [SqlPool], useFactory: (pool: SqlPool) => new DeadLetters(pool) },
    { provide: Reconciler, inject: [BUS_CONNECTION, SqlPool, ReadinessChecks], useFactory: makeReconciler(service) },
    { provide: OutboxRelay, inject: [SqlPool, BUS_CONNECTION, Reconciler], useFactory: (pool: SqlPool, bus: NatsConnection, reconciler: Reconciler) => new OutboxRelay(pool, bus, () => reconciler.streamEpoch()) },
    { provide: BUS_TRANSPORT, inject: [BUS_CONNECTION, DeadLetters, Reconciler], useFactory: (bus: NatsConnection, letters: DeadLetters, reconciler: Reconciler) => new BusTransport(service, bus, letters, reconciler) },
    { provide: BusLifecycle, inject: [BUS_CONNECTION, Reconciler, OutboxRelay], useFactory: (bus: NatsConnection, reconciler: Reconciler, relay: OutboxRelay) => new BusLifecycle(bus, reconciler, relay) },
  ];
}

function makeReconciler(service: BusAddress['service']) {
  return (bus: NatsConnection, pool: SqlPool, readiness: ReadinessChecks): Reconciler => {
    const reconciler = new Reconciler(service, bus, pool);
    readiness.add('event stream', async () => {
      if (reconciler.streamEpoch() === undefined) throw new Error('the event stream is not there yet');
    });
    return reconciler;
  };
}
