import { AckPolicy, DeliverPolicy, DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType, type ConsumerConfig, type JetStreamManager, type StreamConfig, type StreamInfo } from '@nats-io/jetstream';
import { eventStream, eventSubjects, type DurableConsumer } from '@tributary/event-contracts';
import { Unavailable } from '@tributary/failures';

const secondNs = 1_000_000_000;
const dayNs = 24 * 60 * 60 * secondNs;

/** The one stream: kept seven days; when it is full the outbox waits. */
const streamConfig = {
  name: eventStream,
  subjects: [...eventSubjects],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_age: 7 * dayNs,
  max_bytes: 1024 * 1024 * 1024,
  duplicate_window: 600 * secondNs,
  num_replicas: 1,
  deny_delete: true,
  deny_purge: true,
} as const satisfies Partial<StreamConfig>;

const ackWaitNs = 30 * secondNs;

function consumerConfig({ name, filterSubject }: DurableConsumer): ConsumerConfig {
  return {
    durable_name: name,
    filter_subject: filterSubject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: ackWaitNs,
    // Attempts are counted by the consumer, which must be able to keep the message in the database before giving up.
    max_deliver: -1,
    max_ack_pending: 64,
  } as ConsumerConfig;
}

/** Milliseconds within which a handler must show that it is alive. */
export const ackWaitMs = ackWaitNs / 1_000_000;

/**
 * The stream as the server has it, made when it is missing.
 * @throws Unavailable `BUS_SETTING_REFUSED` when the server keeps another setting than asked; names the setting
 */
export async function ensureStream(manager: JetStreamManager): Promise<StreamInfo> {
  const info = (await streamInfo(manager)) ?? (await manager.streams.add(streamConfig));
  compare('stream', streamConfig, info.config);
  return info;
}

/** The stream, or undefined when there is none. */
export async function streamInfo(manager: JetStreamManager): Promise<StreamInfo | undefined> {
  return unlessMissing(() => manager.streams.info(eventStream));
}

/** Makes a durable consumer when it is missing; it then starts with the oldest message, which the inbox absorbs. */
export async function ensureConsumer(manager: JetStreamManager, consumer: DurableConsumer): Promise<void> {
  const wanted = consumerConfig(consumer);
  const info = (await unlessMissing(() => manager.consumers.info(eventStream, consumer.name))) ?? (await manager.consumers.add(eventStream, wanted));
  compare(`consumer ${consumer.name}`, wanted, info.config);
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError ? error.status === 404 : error instanceof Error && /(stream|consumer) not found/i.test(error.message);
}

/** Old servers drop settings they do not know without a word. */
function compare(what: string, wanted: Record<string, unknown>, kept: Record<string, unknown>): void {
  const different = Object.keys(wanted).filter((setting) => JSON.stringify(wanted[setting]) !== JSON.stringify(kept[setting]));
  if (different.length > 0) {
    throw new Unavailable('BUS_SETTING_REFUSED', `The NATS server keeps other settings for the ${what} than asked for: ${different.join(', ')}.`);
  }
}
