import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { LiveMessage } from '@tributary/api-contracts';
import { liveSubject } from '@tributary/event-contracts';

/** Sends live progress; losing a message costs nothing. */
export class LivePublisher {
  constructor(private readonly connection: NatsConnection) {}

  publish(message: LiveMessage): void {
    if (this.connection.isClosed()) return;
    this.connection.publish(liveSubject(message.connectionId), JSON.stringify(message));
  }
}

/** Receives live progress of all connections. */
export class LiveSubscriber {
  readonly #listeners = new Set<(message: LiveMessage) => void>();
  readonly #subscription: Subscription;

  constructor(connection: NatsConnection) {
    this.#subscription = connection.subscribe(liveSubject('*'), { callback: (error, message) => void (error ?? this.#deliver(message.data)) });
  }

  /** @returns a function that ends the listening */
  on(listener: (message: LiveMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  #deliver(data: Uint8Array): void {
    const message = LiveMessage.safeParse(parseJson(data));
    if (message.success) for (const listener of this.#listeners) listener(message.data);
  }
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
