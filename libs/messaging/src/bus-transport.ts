import type { NatsConnection, Msg, Subscription } from '@nats-io/transport-node';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { RequestDefinition } from '@tributary/api-contracts';
import { durableConsumerOf, type BusService, type EventDefinition, type EventSource } from '@tributary/event-contracts';
import { InvalidInput, toFailure } from '@tributary/failures';
import { endWithin } from '@tributary/service-kit';
import { lastValueFrom } from 'rxjs';
import type { DeadLetters } from './dead-letters.ts';
import { EventConsumer } from './event-consumer.ts';
import { eventPattern } from './handlers.ts';
import type { Reconciler } from './reconciler.ts';
import { encodeFailure, encodeReply } from './reply-codec.ts';

/** Milliseconds for what is being handled when the service ends. */
const longestEndMs = 10_000;
/** Milliseconds for the broker to hand over what it has under way; one that is away hands over nothing. */
const longestDrainMs = 2_000;

/** Nest's transport of a service: events from JetStream with ack, nak and dead letters; requests from core NATS. */
export class BusTransport extends Server implements CustomTransportStrategy {
  readonly #consumers: EventConsumer[] = [];
  readonly #subscriptions: Subscription[] = [];
  #open = 0;

  constructor(
    private readonly service: BusService,
    private readonly connection: NatsConnection,
    private readonly deadLetters: DeadLetters | undefined,
    private readonly reconciler: Reconciler | undefined,
  ) {
    super();
  }

  listen(done: () => void): void {
    for (const handler of this.messageHandlers.values()) {
      const request: unknown = handler.extras?.['request'];
      if (request !== undefined) this.#subscribe(request as RequestDefinition<unknown, unknown>, handler);
    }
    for (const family of this.#families()) this.#consume(family);
    done();
  }

  async close(): Promise<void> {
    // Requests that the broker has handed to this process already are answered by nobody else.
    await endWithin('a subscription', longestDrainMs, Promise.all(this.#subscriptions.map((subscription) => subscription.drain())));
    await endWithin('a consumer of events', longestEndMs, Promise.all(this.#consumers.map((consumer) => consumer.stop())));
    for (let waited = 0; this.#open > 0 && waited < longestEndMs; waited += 20) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  on(): void {}

  unwrap<T>(): T {
    return this.connection as T;
  }

  #families(): Set<EventSource> {
    const events = [...this.messageHandlers.values()].map((handler): unknown => handler.extras?.['event']).filter((event) => event !== undefined);
    return new Set((events as EventDefinition[]).map(({ source }) => source));
  }

  #consume(family: EventSource): void {
    const durable = durableConsumerOf(this.service, family);
    if (durable === undefined || this.deadLetters === undefined) throw new Error(`${this.service} has no durable consumer for ${family} events`);
    const consumer = new EventConsumer(durable, this.connection, (definition) => {
      const handler = this.getHandlerByPattern(eventPattern(definition));
      return handler === null ? undefined : async (event) => void (await this.#call(handler, event));
    }, this.deadLetters, () => this.reconciler?.wake());
    this.#consumers.push(consumer);
    consumer.start();
  }

  #subscribe(definition: RequestDefinition<unknown, unknown>, handler: MessageHandler): void {
    this.#subscriptions.push(this.connection.subscribe(definition.subject, {
      queue: this.service,
      callback: (error, message) => void (error ?? this.#answer(definition, handler, message)),
    }));
  }

  async #answer(definition: RequestDefinition<unknown, unknown>, handler: MessageHandler, message: Msg): Promise<void> {
    this.#open += 1;
    try {
      const reply = definition.reply.parse(await this.#call(handler, readRequest(definition, message)));
      message.respond(encodeReply(reply, this.connection.info?.max_payload ?? 1024 * 1024));
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'defect') this.logger.error(`${definition.subject} failed`, failure, 'bus');
      message.respond(encodeFailure(failure));
    } finally {
      this.#open -= 1;
    }
  }

  async #call(handler: MessageHandler, payload: unknown): Promise<unknown> {
    return lastValueFrom(this.transformToObservable(await handler(payload)), { defaultValue: undefined });
  }
}

function readRequest(definition: RequestDefinition<unknown, unknown>, message: Msg): unknown {
  try {
    const request = definition.request.safeParse(JSON.parse(message.string()));
    if (request.success) return request.data;
    throw new InvalidInput('REQUEST_INVALID', `The request breaks its contract: ${request.error.issues.map(({ path, message: why }) => `${path.join('.')} ${why}`).join('; ')}.`);
  } catch (error) {
    throw error instanceof InvalidInput ? error : new InvalidInput('REQUEST_UNREADABLE', 'The request is not JSON.', { cause: error });
  }
}
