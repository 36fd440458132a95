import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { definitionOf, eventStream, type AnyEnvelope, type DurableConsumer, type EventDefinition } from '@tributary/event-contracts';
import { dispositionOf, InvalidInput, toFailure, type Failure } from '@tributary/failures';
import type { DeadLetters } from './dead-letters.ts';
import { pause } from './pause.ts';
import { ackWaitMs } from './stream-state.ts';

/** Handles one event; undefined when the service has no handler for its type. */
export type EventHandler = (definition: EventDefinition) => ((event: AnyEnvelope) => Promise<void>) | undefined;

/** Delays before the next delivery, by attempt. */
const backOffMs = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
/** Attempts after which a defect becomes a dead letter; what is only unavailable is tried for ever. */
const maxAttempts = 8;

/** Reads one durable consumer, message by message in order, and ends every delivery in ack, nak or a kept dead letter. */
export class EventConsumer {
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #messages: ConsumerMessages | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly consumer: DurableConsumer,
    private readonly connection: NatsConnection,
    private readonly handlerOf: EventHandler,
    private readonly deadLetters: DeadLetters,
    /** Called when the consumer is missing on the broker. */
    private readonly onMissing: () => void,
  ) {
    this.#log = new Logger(consumer.name);
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#messages?.stop();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#consume();
      } catch (error) {
        this.#log.debug(`reading pauses: ${error instanceof Error ? error.message : String(error)}`);
        this.onMissing();
      }
      await pause(250, this.#stop.signal);
    }
  }

  async #consume(): Promise<void> {
    const consumer = await jetstream(this.connection).consumers.get(eventStream, this.consumer.name);
    this.#messages = await consumer.consume({ max_messages: 16, expires: 5_000, abort_on_missing_resource: true });
    // Told to stop while the broker was asked: nobody would end this reading any more.
    if (this.#stop.signal.aborted) return this.#messages.stop();
    for await (const message of this.#messages) {
      await this.#deliver(message);
      if (this.#stop.signal.aborted) return;
    }
  }

  async #deliver(message: JsMsg): Promise<void> {
    const alive = setInterval(() => message.working(), ackWaitMs / 3);
    try {
      await this.#handle(message);
      message.ack();
    } catch (error) {
      await this.#refuse(message, toFailure(error));
    } finally {
      clearInterval(alive);
    }
  }

  async #handle(message: JsMsg): Promise<void> {
    const envelope = readEnvelope(message);
    const definition = definitionOf(envelope);
    // Kept as a dead letter: after an upgrade a newer producer's event can be replayed.
    if (definition === undefined) throw new InvalidInput('EVENT_UNKNOWN', `No contract declares ${envelope.type} (${envelope.dataschema}).`);
    const handle = this.handlerOf(definition);
    if (handle === undefined) return;
    const event = definition.schema.safeParse(envelope);
    if (!event.success) throw new InvalidInput('EVENT_INVALID', `The event breaks its contract: ${event.error.issues.map(({ path, message: why }) => `${path.join('.')} ${why}`).join('; ')}.`);
    await handle(event.data);
  }

  async #refuse(message: JsMsg, failure: Failure): Promise<void> {
    const attempts = message.info.deliveryCount;
    const disposition = dispositionOf(failure);
    const again = disposition.kind === 'again' && (failure.kind !== 'defect' || attempts < maxAttempts);
    if (again) {
      this.#log.warn(`attempt ${attempts} failed with ${failure.code}: ${failure.message}`, failure);
      message.nak(disposition.afterMs ?? backOffMs[Math.min(attempts, backOffMs.length) - 1] ?? 1_000);
      return;
    }
    try {
      await this.deadLetters.keep({ consumer: this.consumer.name, streamSequence: message.seq, eventId: message.headers?.get('Nats-Msg-Id'), subject: message.subject, payload: message.string(), attempts }, failure);
      this.#log.error(`an event was given up with ${failure.code}: ${failure.message}`, failure);
      message.term(failure.code);
    } catch (error) {
      this.#log.warn(`a dead letter could not be kept: ${error instanceof Error ? error.message : String(error)}`);
      message.nak(backOffMs[0]);
    }
  }
}

function readEnvelope(message: JsMsg): AnyEnvelope {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message.string());
  } catch (cause) {
    throw new InvalidInput('EVENT_UNREADABLE', 'The event is not JSON.', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || !('type' in parsed) || typeof parsed.type !== 'string' || !('dataschema' in parsed) || typeof parsed.dataschema !== 'string') {
    throw new InvalidInput('EVENT_INVALID', 'The event has no envelope.');
  }
  return parsed as AnyEnvelope;
}
