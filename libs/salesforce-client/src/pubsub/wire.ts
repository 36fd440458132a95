import { type Client, loadPackageDefinition, type ClientDuplexStream, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { z } from 'zod';

const string = (id: number): Field => ({ type: 'string', id });
const bytes = (id: number): Field => ({ type: 'bytes', id });
const int32 = (id: number): Field => ({ type: 'int32', id });

interface Field {
  readonly type: string;
  readonly id: number;
  readonly rule?: 'repeated';
}

/**
 * What a subscriber speaks of Salesforce's Pub/Sub API, version 1: `Subscribe` and `GetSchema`, nothing that publishes. Written as data,
 * because a bundled service has no proto file beside it.
 * @see the interface definition in github.com/forcedotcom/pub-sub-api
 */
const api = {
  nested: { eventbus: { nested: { v1: { nested: {
    EventHeader: { fields: { key: string(1), value: bytes(2) } },
    ProducerEvent: { fields: { id: string(1), schemaId: string(2), payload: bytes(3), headers: repeated('EventHeader', 4) } },
    ConsumerEvent: { fields: { event: { type: 'ProducerEvent', id: 1 }, replayId: bytes(2) } },
    ReplayPreset: { values: { LATEST: 0, EARLIEST: 1, CUSTOM: 2 } },
    FetchRequest: { fields: { topicName: string(1), replayPreset: { type: 'ReplayPreset', id: 2 }, replayId: bytes(3), numRequested: int32(4), authRefresh: string(5) } },
    FetchResponse: { fields: { events: repeated('ConsumerEvent', 1), latestReplayId: bytes(2), rpcId: string(3), pendingNumRequested: int32(4) } },
    SchemaRequest: { fields: { schemaId: string(1) } },
    SchemaInfo: { fields: { schemaJson: string(1), schemaId: string(2), rpcId: string(3) } },
    PubSub: {
      methods: {
        Subscribe: { requestType: 'FetchRequest', requestStream: true, responseType: 'FetchResponse', responseStream: true },
        GetSchema: { requestType: 'SchemaRequest', responseType: 'SchemaInfo' },
      },
    },
  } } } } },
};

function repeated(type: string, id: number): Field {
  return { rule: 'repeated', type, id };
}

export const FetchResponse = z.object({
  events: z.array(z.object({ event: z.object({ schemaId: z.string(), payload: z.instanceof(Buffer) }), replayId: z.instanceof(Buffer) })),
  latestReplayId: z.instanceof(Buffer),
  pendingNumRequested: z.int(),
});
export type FetchResponse = z.infer<typeof FetchResponse>;

export const SchemaInfo = z.object({ schemaJson: z.string(), schemaId: z.string() });

export interface FetchRequest {
  readonly topicName: string;
  readonly numRequested: number;
  readonly replayPreset?: 'LATEST' | 'CUSTOM';
  readonly replayId?: Buffer;
}

type Answered = (error: ServiceError | null, reply?: unknown) => void;

/** The methods that grpc-js makes of the description. */
export interface PubSubStub extends Client {
  Subscribe(metadata: Metadata): ClientDuplexStream<FetchRequest, unknown>;
  GetSchema(request: { readonly schemaId: string }, metadata: Metadata, options: { readonly deadline: number }, answered: Answered): unknown;
}

type StubClass = new (...parameters: ConstructorParameters<typeof Client>) => PubSubStub;

/** Parser of an untyped library: the description above says what is in it. */
export function stubClass(): StubClass {
  const loaded = loadPackageDefinition(fromJSON(api as Parameters<typeof fromJSON>[0], { longs: String, enums: String, defaults: true }));
  const found = ['eventbus', 'v1', 'PubSub'].reduce<unknown>((scope, name) => (scope as Record<string, unknown>)[name], loaded);
  return found as StubClass;
}
