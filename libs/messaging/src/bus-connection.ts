import { Logger } from '@nestjs/common';
import { inboxPrefixOf, type BusService } from '@tributary/event-contracts';
import { connect, type NatsConnection } from '@nats-io/transport-node';

export interface BusAddress {
  readonly service: BusService;
  /** `nats://user:password@host:port`, several separated by commas. */
  readonly natsUrl: string;
}

/**
 * Connects for ever: the first connection is waited for, and a lost one is sought again without end.
 * Half-open connections are noticed after two unanswered pings, 15 seconds at most.
 */
export async function connectBus({ service, natsUrl }: BusAddress): Promise<NatsConnection> {
  const servers = natsUrl.split(',').map((address) => new URL(address.trim()));
  const { username, password } = servers[0] ?? new URL(natsUrl);
  const connection = await connect({
    servers: servers.map((address) => address.host),
    ...(username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...(servers.some((address) => address.protocol === 'tls:') ? { tls: {} } : {}),
    name: `tributary-${service}`,
    inboxPrefix: inboxPrefixOf(service),
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    // Else each request makes two errors in advance, whose stacks cost a fifth of what asking costs.
    noAsyncTraces: true,
  });
  void tellStatus(connection);
  return connection;
}

async function tellStatus(connection: NatsConnection): Promise<void> {
  const log = new Logger('bus');
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log.warn('the connection to NATS was lost; seeking it again');
    if (status.type === 'reconnect') log.log('connected to NATS again');
    if (status.type === 'error') log.error(status.error);
  }
}
