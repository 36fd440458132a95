import { LiveMessage } from '@tributary/api-contracts';

/** `open`: hints arrive. `away`: they do not, so readers ask by themselves. */
export type LiveState = 'connecting' | 'open' | 'away';

/** The part of EventSource that is used; tests bring their own. */
export interface EventStream {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveOptions {
  readonly open: () => EventStream;
  /** A hint; parsed, in the order of arrival. */
  readonly onMessage: (message: LiveMessage) => void;
  /** The stream is open again after it was away: what was missed must be read by GET. */
  readonly onReturn: () => void;
  /** Called every `pollMs` while the stream is away. */
  readonly onPoll: () => void;
  readonly onState: (state: LiveState) => void;
  readonly pollMs?: number;
  /** Milliseconds until a dead stream is opened anew. */
  readonly reopenMs?: number;
}

const types: readonly LiveMessage['type'][] = ['sync.progress', 'sync.finished', 'dataset.refreshed', 'connection.changed'];

/**
 * Keeps one event stream open for as long as it is wanted.
 * @returns ends it
 */
export function keepLive({ open, onMessage, onReturn, onPoll, onState, pollMs = 5_000, reopenMs = 4_000 }: LiveOptions): () => void {
  let stream: EventStream | undefined;
  let missed = false;
  let polling: ReturnType<typeof setInterval> | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;

  const arrived = (): void => {
    clearInterval(polling);
    polling = undefined;
    onState('open');
    if (missed) onReturn();
    missed = false;
  };
  const left = (): void => {
    missed = true;
    onState('away');
    polling ??= setInterval(onPoll, pollMs);
    stream?.close();
    clearTimeout(reopening);
    reopening = setTimeout(start, reopenMs);
  };
  const start = (): void => {
    const opened = open();
    stream = opened;
    opened.onopen = arrived;
    opened.onerror = left;
    for (const type of types) opened.addEventListener(type, ({ data }) => {
      const message = messageOf(data);
      if (message !== undefined) onMessage(message);
    });
  };

  onState('connecting');
  start();
  return () => {
    clearInterval(polling);
    clearTimeout(reopening);
    stream?.close();
  };
}

/** A message that cannot be read is no reason to fail: the state is always readable by GET. */
export function messageOf(data: string): LiveMessage | undefined {
  try {
    return LiveMessage.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
