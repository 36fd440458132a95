import { httpStatusOf, reachedStatus } from './grpc-status.ts';

/** A call of the Pub/Sub API, by its method of gRPC; nothing of what was sent or came. */
export interface ObservedPubSubCall {
  /** The same each time a call is told of. */
  readonly call: symbol;
  readonly path: string;
  /** As HTTP has it; 0 when there was no answer. */
  readonly status: number;
  /** Of a stream: how long it has been open. */
  readonly ms: number;
  /** Of a stream: events that came so far; undefined for other calls. */
  readonly events: number | undefined;
}

export type PubSubObserver = (call: ObservedPubSubCall) => void;

/** Follows one call from its beginning to its end. */
export class CallObservation {
  readonly #call = Symbol('call');
  readonly #startedAt = performance.now();
  readonly #path: string;
  #events = 0;
  #isReached = false;

  constructor(
    private readonly method: 'Subscribe' | 'GetSchema',
    private readonly observer: PubSubObserver | undefined,
  ) {
    this.#path = `/eventbus.v1.PubSub/${method}`;
  }

  /** Salesforce has taken the call, or something came of it. */
  reached(events = 0): void {
    this.#isReached = true;
    this.#events += events;
    this.#tell(reachedStatus);
  }

  /** @param error what ended it; undefined when it ended well */
  ended(error: unknown): void {
    this.#tell(error === undefined || error === null ? reachedStatus : httpStatusOf(error, this.#isReached));
  }

  #tell(status: number): void {
    this.observer?.({ call: this.#call, path: this.#path, status, ms: Math.round(performance.now() - this.#startedAt), events: this.method === 'Subscribe' ? this.#events : undefined });
  }
}
