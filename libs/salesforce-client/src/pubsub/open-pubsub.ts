import type { PubSubClient } from './pubsub-client.ts';
import type { PubSubEndpoint } from './pubsub-endpoint.ts';

/** A client of the Pub/Sub API. gRPC and Avro are loaded with the first one: a process that follows no changes does without them. */
export async function openPubSub(endpoint: PubSubEndpoint): Promise<PubSubClient> {
  const { PubSubClient: Client } = await import('./pubsub-client.ts');
  return new Client(endpoint);
}
