import type { PubSubReaction } from '@tributary/salesforce-client';

export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'exhausted' | 'not-offered';

/** How a stream goes on after it ended. */
export interface NextStep {
  readonly state: Exclude<StreamState, 'connecting' | 'live'>;
  readonly waitMs: number;
  /** Events may be missing that nobody will tell again: the stream begins at the present, and everything is polled when it does. */
  readonly hole: boolean;
  readonly renewToken: boolean;
  /** For people. */
  readonly reason: string;
}

const hourMs = 60 * 60_000;
const baseMs = 500;
const capMs = 5 * 60_000;

/** @param failures in a row, this one included · @param random in [0, 1): full jitter, so that streams cut at once do not come back at once */
export function stepAfter(reaction: PubSubReaction, failures: number, random: number): NextStep {
  const backOffMs = Math.round(random * Math.min(capMs, baseMs * 2 ** Math.min(failures, 20)));
  switch (reaction) {
    case 'renew-token': return { state: 'reconnecting', waitMs: failures > 1 ? backOffMs : 0, hole: false, renewToken: true, reason: 'The session ended; a new token is used.' };
    case 'start-anew': return { state: 'reconnecting', waitMs: failures > 1 ? backOffMs : 0, hole: true, renewToken: false, reason: 'Salesforce no longer keeps the events since the last one; everything is read by polling once.' };
    case 'wait-for-allocation': return { state: 'exhausted', waitMs: hourMs, hole: true, renewToken: false, reason: 'The org has used up the change events of its day; polling goes on.' };
    case 'not-offered': return { state: 'not-offered', waitMs: 24 * hourMs, hole: true, renewToken: false, reason: 'The org, or this user\'s permissions, offer no change events; polling goes on.' };
    case 'reconnect': return { state: 'reconnecting', waitMs: backOffMs, hole: false, renewToken: false, reason: 'The stream was interrupted.' };
    default: return reaction satisfies never;
  }
}

/** Salesforce keeps events for 72 hours; what it still has of older ones is not sure to be whole. */
const sureMs = 71 * hourMs;

/** What is known of a stream from before. */
export interface KnownStream {
  readonly replayId: Buffer | null;
  readonly instanceUrl: string | null;
  readonly heardMsAgo: number | null;
  /** Ends in a row without a word in between. */
  readonly failures: number;
}

/** Where to go on: undefined at the present, after everything was polled. */
export function resumeAfter({ replayId, instanceUrl, heardMsAgo }: Omit<KnownStream, 'failures'>, presentInstance: string): Buffer | undefined {
  if (replayId === null || instanceUrl !== presentInstance || heardMsAgo === null || heardMsAgo > sureMs) return undefined;
  return replayId;
}
