import type { ChangeType } from './event-schema.ts';
import type { NextEvents } from './event-bus.ts';
import { PubSubError, type PubSubStatus } from './pubsub-error.ts';
import type { PubSubServer } from './pubsub-server.ts';

/** What tests may do with the simulator's change events. */
export class ChangeEventsControl {
  readonly #server: PubSubServer;

  constructor(server: PubSubServer) {
    this.#server = server;
  }

  /** `localhost:<port>`, gRPC without TLS. */
  get endpoint(): string {
    return this.#server.endpoint;
  }

  /** Streams that are open. */
  get subscribers(): number {
    return this.#server.subscribers;
  }

  /** Calls so far by name. */
  get calls(): readonly string[] {
    return this.#server.calls;
  }

  /** Ends all streams with UNAVAILABLE. */
  cut(): void {
    this.#server.cut();
  }

  /** The next changes become gap events, an overflow event, or are not told at all. */
  disturbNext(what: NextEvents, changes = 1): void {
    this.#server.bus.disturbNext(what, changes);
  }

  publishGap(object: string, changeType: ChangeType, recordIds: readonly string[]): void {
    this.#server.bus.publishGap(object, changeType, recordIds);
  }

  /** Every replay id handed out so far is refused from now on. */
  forgetReplayIds(): void {
    this.#server.bus.forgetReplayIds();
  }

  /** Answers calls with a status until told otherwise by `undefined`. */
  refuseWith(status: PubSubStatus | undefined, errorCode = 'sfdc.platform.eventbus.grpc.service.error'): void {
    this.#server.refusal = status === undefined ? undefined : new PubSubError(status, errorCode, 'Refused by the test.');
  }
}
