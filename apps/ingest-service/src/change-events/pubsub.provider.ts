import { openPubSub, type PubSubClient, type PubSubEndpoint } from '@tributary/salesforce-client';

/** Injection token of the `PubSub`. */
export const PUBSUB = Symbol('PUBSUB');

/** The Pub/Sub API, connected to when first used: a service whose connections do not want it neither loads gRPC nor has a channel. */
export class PubSub {
  #client: Promise<PubSubClient> | undefined;

  constructor(private readonly endpoint: PubSubEndpoint | undefined) {}

  get isOn(): boolean {
    return this.endpoint !== undefined;
  }

  async client(): Promise<PubSubClient> {
    if (this.endpoint === undefined) throw new Error('there is no address of the Pub/Sub API');
    this.#client ??= openPubSub(this.endpoint);
    return this.#client;
  }

  async close(): Promise<void> {
    (await this.#client)?.close();
  }
}
