import { credentials, Metadata, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import { Defect } from '@tributary/failures';
import type { AccessLease } from '../rest/session.ts';
import { changeEventReader, type ChangeEvent, type ChangeEventReader } from './change-event.ts';
import { CallObservation, type PubSubObserver } from './observed-call.ts';
import { mayHear, type PubSubEndpoint } from './pubsub-endpoint.ts';
import { classifyPubSub, PubSubFailure } from './pubsub-failure.ts';
import { FetchResponse, SchemaInfo, stubClass, type FetchRequest, type PubSubStub } from './wire.ts';

/** Salesforce takes no larger number. */
const mostOutstanding = 100;
const schemaDeadlineMs = 30_000;
/** A living stream says something every 270 seconds. */
const usualSilenceMs = 300_000;

/** What came of a stream at once. */
export interface ChangeBatch {
  /** None in a keep-alive. An event that could not be read is missing here and counted in `unreadable`. */
  readonly events: readonly ChangeEvent[];
  readonly unreadable: number;
  /** Opaque; where to go on after this batch. */
  readonly replayId: Buffer;
}

export interface SubscribeOptions {
  readonly lease: AccessLease;
  readonly orgId: string;
  /** Such as `/data/ChangeEvents`. */
  readonly topic: string;
  /** Where to go on; undefined starts at the present. */
  readonly after: Buffer | undefined;
  readonly signal: AbortSignal;
  /** Salesforce has taken the subscription; called before the first batch. */
  readonly opened?: () => void;
  /** Told of each call: a stream when it is taken, with each batch and at its end. */
  readonly onCall?: PubSubObserver;
}

/** Salesforce's Pub/Sub API as a subscriber; nothing is ever published. */
export class PubSubClient {
  readonly #stub: PubSubStub;
  readonly #readers = new Map<string, Promise<ChangeEventReader>>();

  constructor(
    private readonly endpoint: PubSubEndpoint,
    private readonly silenceMs = usualSilenceMs,
  ) {
    const Stub = stubClass();
    this.#stub = new Stub(endpoint.address, endpoint.tls ? credentials.createSsl() : credentials.createInsecure(), { 'grpc.max_receive_message_length': 4 * 1024 * 1024 });
  }

  /**
   * Batches of changes until the stream ends. The next events are asked for when the caller comes back, so a slow caller is not overrun.
   * @throws PubSubFailure that says what to do next; AbortError when `signal` ends it
   */
  async *subscribe({ lease, orgId, topic, after, signal, opened, onCall }: SubscribeOptions): AsyncGenerator<ChangeBatch> {
    const metadata = this.#metadata(lease, orgId);
    signal.throwIfAborted();
    const stream = this.#stub.Subscribe(metadata);
    const abort = (): void => stream.cancel();
    signal.addEventListener('abort', abort, { once: true });
    const silence = setTimeout(() => stream.destroy(Object.assign(new Error('The stream has been silent for too long.'), { code: 14 })), this.silenceMs);
    const observed = new CallObservation('Subscribe', onCall);
    let failed: unknown;
    stream.once('metadata', () => {
      observed.reached();
      opened?.();
    });
    try {
      await write(stream, { topicName: topic, numRequested: mostOutstanding, ...(after === undefined ? { replayPreset: 'LATEST' } : { replayPreset: 'CUSTOM', replayId: after }) });
      for await (const message of stream) {
        silence.refresh();
        const response = FetchResponse.parse(message);
        observed.reached(response.events.length);
        yield await this.#batch(response, metadata, onCall);
        const missing = mostOutstanding - response.pendingNumRequested;
        if (missing > 0) await write(stream, { topicName: topic, numRequested: missing });
      }
      throw new PubSubFailure('reconnect', '', 'Salesforce ended the stream.');
    } catch (error) {
      failed = error;
      signal.throwIfAborted();
      throw failureOf(error);
    } finally {
      observed.ended(failed);
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      stream.on('error', () => undefined);
      stream.cancel();
    }
  }

  close(): void {
    this.#stub.close();
  }

  async #batch({ events, latestReplayId }: FetchResponse, metadata: Metadata, onCall: PubSubObserver | undefined): Promise<ChangeBatch> {
    const read: ChangeEvent[] = [];
    for (const { event: { schemaId, payload } } of events) {
      const reader = await this.#reader(schemaId, metadata, onCall);
      const event = tryTo(() => reader(payload));
      if (event !== undefined) read.push(event);
    }
    return { events: read, unreadable: events.length - read.length, replayId: events.at(-1)?.replayId ?? latestReplayId };
  }

  /** Schemas are asked for once: an id stands for one text for ever. */
  async #reader(schemaId: string, metadata: Metadata, onCall: PubSubObserver | undefined): Promise<ChangeEventReader> {
    const known = this.#readers.get(schemaId) ?? this.#schema(schemaId, metadata, onCall).then(readerOf);
    this.#readers.set(schemaId, known);
    try {
      return await known;
    } catch (error) {
      this.#readers.delete(schemaId);
      throw error;
    }
  }

  async #schema(schemaId: string, metadata: Metadata, onCall: PubSubObserver | undefined): Promise<string> {
    const observed = new CallObservation('GetSchema', onCall);
    const reply = await new Promise<unknown>((resolve, reject) => {
      this.#stub.GetSchema({ schemaId }, metadata, { deadline: Date.now() + schemaDeadlineMs }, (error, answer) => {
        observed.ended(error);
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
    return SchemaInfo.parse(reply).schemaJson;
  }

  #metadata({ accessToken, instanceUrl }: AccessLease, orgId: string): Metadata {
    if (!mayHear(this.endpoint, instanceUrl)) throw new Defect('PUBSUB_ENDPOINT_WITHOUT_TLS', 'The Pub/Sub API of a real org is spoken to with TLS only.');
    const metadata = new Metadata();
    metadata.set('accesstoken', accessToken.reveal());
    metadata.set('instanceurl', instanceUrl);
    metadata.set('tenantid', orgId);
    return metadata;
  }
}

async function write(stream: ClientDuplexStream<FetchRequest, unknown>, request: FetchRequest): Promise<void> {
  // A stream that broke meanwhile tells its reader, not its writer.
  if (stream.destroyed || stream.writableEnded) return;
  await new Promise<void>((resolve) => stream.write(request, () => resolve()));
}

/** A schema that cannot be read makes its events unreadable, not the stream: asked for again it would be the same. */
function readerOf(schemaJson: string): ChangeEventReader {
  return tryTo(() => changeEventReader(schemaJson)) ?? (() => { throw new TypeError('The schema is none of a change event.'); });
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown): Error {
  if (error instanceof PubSubFailure || error instanceof Defect) return error;
  if (!isServiceError(error)) return new PubSubFailure('reconnect', '', 'An answer of the Pub/Sub API could not be read.');
  const code = error.metadata?.get('error-code')[0]?.toString() ?? '';
  return new PubSubFailure(classifyPubSub(error.code, code, error.details), code, `The Pub/Sub API answered with status ${error.code}${code === '' ? '' : ` (${code})`}.`);
}

function isServiceError(error: unknown): error is Pick<ServiceError, 'code'> & Partial<Pick<ServiceError, 'metadata' | 'details'>> {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}
