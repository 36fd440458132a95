import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepLive, messageOf, type EventStream, type LiveState } from './live.ts';

const connectionId = '018f3c6e-7a10-7cc2-9d5e-0a1b2c3d4e5f';

/** An event stream whose other end is in the hands of the test. */
class HeldStream implements EventStream {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  closed = false;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  opens(): void {
    this.onopen?.(new Event('open'));
  }
  breaks(): void {
    this.onerror?.(new Event('error'));
  }
  sends(type: string, data: object): void {
    this.#listeners.get(type)?.(new MessageEvent(type, { data: JSON.stringify({ type, ...data }) }));
  }
}

function live() {
  const streams: HeldStream[] = [];
  const seen = { states: [] as LiveState[], messages: [] as string[], returns: 0, polls: 0 };
  const stop = keepLive({
    open: () => {
      const stream = new HeldStream();
      streams.push(stream);
      return stream;
    },
    onMessage: ({ type }) => seen.messages.push(type),
    onReturn: () => (seen.returns += 1),
    onPoll: () => (seen.polls += 1),
    onState: (state) => seen.states.push(state),
  });
  return { streams, seen, stop, last: (): HeldStream => streams.at(-1) ?? new HeldStream() };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('does not read the state again when the stream opens for the first time', () => {
  const { seen, last, stop } = live();
  last().opens();
  expect(seen).toMatchObject({ states: ['connecting', 'open'], returns: 0 });
  stop();
});

it('opens a new stream after a break and reads once what was missed', () => {
  const { streams, seen, last, stop } = live();
  last().opens();
  last().breaks();
  vi.advanceTimersByTime(4_000);
  expect(streams).toHaveLength(2);
  expect(streams[0]?.closed).toBe(true);
  last().opens();
  expect(seen).toMatchObject({ states: ['connecting', 'open', 'away', 'open'], returns: 1 });
  stop();
});

it('asks every 5 seconds while the stream is away, and stops when it is back', () => {
  const { seen, last, stop } = live();
  last().breaks();
  vi.advanceTimersByTime(4_000);
  last().breaks();
  vi.advanceTimersByTime(6_000);
  expect(seen.polls).toBe(2);
  last().opens();
  vi.advanceTimersByTime(60_000);
  expect(seen.polls).toBe(2);
  stop();
});

it('ends everything when it is not wanted any more', () => {
  const { streams, seen, last, stop } = live();
  last().breaks();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(streams).toHaveLength(1);
  expect(seen.polls).toBe(0);
});

it('gives on hints it can read and drops the others', () => {
  const { seen, last, stop } = live();
  last().sends('dataset.refreshed', { connectionId, objects: ['Opportunity'] });
  last().sends('dataset.refreshed', { connectionId: 'not an id', objects: [] });
  expect(seen.messages).toEqual(['dataset.refreshed']);
  expect(messageOf('{broken')).toBeUndefined();
  stop();
});
