import { randomUUID } from 'node:crypto';
import type { EventBus } from './event-bus.ts';
import type { FetchRequest, FetchResponse } from './wire.ts';
import { PubSubError } from './pubsub-error.ts';

const mostOutstanding = 100;

/** One subscriber's stream: hands out what was asked for, and says from time to time that it lives. */
export class Subscription {
  readonly #bus: EventBus;
  readonly #send: (response: FetchResponse) => void;
  /** May refuse events: the day's allocation. */
  readonly #allow: (events: number) => void;
  #topic: string | undefined;
  #object: string | undefined;
  #position = 0;
  #outstanding = 0;

  constructor(bus: EventBus, send: (response: FetchResponse) => void, allow: (events: number) => void) {
    this.#bus = bus;
    this.#send = send;
    this.#allow = allow;
  }

  get isOpen(): boolean {
    return this.#topic !== undefined;
  }

  /** The first request opens the stream, each one asks for more. @throws PubSubError */
  request(request: FetchRequest): void {
    if (this.#topic === undefined) this.#open(request);
    else if (request.topicName !== '' && request.topicName !== this.#topic) throw new PubSubError('INVALID_ARGUMENT', 'sfdc.platform.eventbus.grpc.subscription.topic.mismatch', 'The topic cannot change within a subscription.');
    if (request.numRequested <= 0) throw new PubSubError('INVALID_ARGUMENT', 'sfdc.platform.eventbus.grpc.subscription.fetch.requested.events.invalid', 'num_requested must be positive.');
    this.#outstanding = Math.min(mostOutstanding, this.#outstanding + request.numRequested);
    this.deliver();
  }

  /** Sends what there is, as far as it was asked for. @throws PubSubError when nothing more may be delivered today */
  deliver(): void {
    if (this.#topic === undefined || this.#outstanding === 0) return;
    const events = this.#bus.after(this.#position, this.#object, this.#outstanding);
    const last = events.at(-1);
    if (last === undefined) return;
    this.#allow(events.length);
    this.#position = last.sequence;
    this.#outstanding -= events.length;
    this.#send({
      events: events.map(({ replayId, schemaId, payload }) => ({ event: { id: randomUUID(), schemaId, payload, headers: [] }, replayId })),
      latestReplayId: last.replayId, rpcId: randomUUID(), pendingNumRequested: this.#outstanding,
    });
  }

  /** An empty batch with the present end of the stream. */
  keepAlive(): void {
    if (this.#topic === undefined) return;
    if (this.#bus.after(this.#position, this.#object, 1).length === 0) this.#position = this.#bus.latest;
    this.#send({ events: [], latestReplayId: this.#bus.replayIdOf(this.#position), rpcId: randomUUID(), pendingNumRequested: this.#outstanding });
  }

  #open({ topicName, replayPreset, replayId }: FetchRequest): void {
    const topic = this.#bus.topicObject(topicName);
    if (topic === 'unknown') throw new PubSubError('NOT_FOUND', 'sfdc.platform.eventbus.grpc.topic.not.found', `The topic ${topicName} does not exist.`);
    const position = replayPreset === 'CUSTOM' ? this.#bus.positionOf(replayId) : replayPreset === 'EARLIEST' ? this.#bus.earliest : this.#bus.latest;
    if (position === undefined) throw new PubSubError('INVALID_ARGUMENT', 'sfdc.platform.eventbus.grpc.subscription.fetch.replayid.corrupted', 'The Replay ID validation failed. Ensure that the Replay ID is valid.');
    this.#object = topic.object;
    this.#position = position;
    this.#topic = topicName;
  }
}
