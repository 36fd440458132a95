import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Secret, Unavailable } from '@tributary/failures';
import { retryAfterMsOf, serverTimeOf } from '../http/answer-headers.ts';
import type { SalesforceAnswer, SalesforceCall, SalesforceHttp } from '../http/salesforce-http.ts';
import { classifyRestAnswer, mayHaveHappened, SalesforceCallFailure } from './rest-failure.ts';
import { RetryBudget } from './retry-budget.ts';

/** An access token on loan. */
export interface AccessLease {
  readonly accessToken: Secret<string>;
  readonly instanceUrl: string;
  /** Grows with each new token of the connection. */
  readonly epoch: number;
  /** What is known of one that was given for a refused one; shared by all who use it. */
  readonly renewal?: Renewal;
}

/** A token that took the place of a refused one. */
export interface Renewal {
  /** Until when, by `performance.now()`, it is so new that its refusal is no expiry; 0 when it was issued long before. */
  readonly freshUntilMs: number;
  /** Whether Salesforce has answered a call with it: then it was a good one, whatever befalls it later. */
  accepted: boolean;
}

/** Gives a token; told which epoch Salesforce refused, it gives a newer one or throws. */
export type LeaseSource = (rejectedEpoch?: number) => Promise<AccessLease>;

const attempts = 6;
const baseMs = 500;
const capMs = 60_000;
const busyOrgMs = 5_000;
/** Of one call: the token given for a refused one may be an older one that others got meanwhile, or be used up by them. */
const mostRenewals = 3;
/** An instance in maintenance, or one being set up, is back after minutes; asking more often only adds to its load. */
const maintenanceMs = 2_000;
/** Longer waits belong to the scheduler of the run, not to a call. */
const maxAskedMs = 120_000;

/** Waits, or rejects when `signal` aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

const realPause: Pause = (ms, signal) => sleep(ms, undefined, { signal });

/** Data calls of one connection: leases, one renewal for all callers after a 401, retries of what is only passing. */
export class SalesforceSession {
  #lease: Promise<AccessLease> | undefined;
  #renewing = new Map<number, Promise<AccessLease>>();
  #serverTime: Date | undefined;

  constructor(
    private readonly http: SalesforceHttp,
    private readonly source: LeaseSource,
    /** Aborts waiting between attempts. */
    private readonly signal: AbortSignal = new AbortController().signal,
    private readonly pauseFor: Pause = realPause,
    /** Shared by all sessions of an org. */
    private readonly retries: RetryBudget = new RetryBudget(),
  ) {}

  /** Salesforce's own clock as the last good answer told it; undefined before the first. */
  get serverTime(): Date | undefined {
    return this.#serverTime;
  }

  /**
   * A call whose answer is 2xx or 304; small bodies are read as text.
   * @param mayRepeat whether it may be made again when it has perhaps been carried out, without an answer that says so
   * @throws SalesforceCallFailure, Unavailable, what the lease source throws
   */
  async text(call: Omit<SalesforceCall, 'origin'>, { mayRepeat = true } = {}): Promise<SalesforceAnswer & { readonly text: string }> {
    return this.#withRetries((error) => mayRepeat || !mayHaveHappened(error), async (origin, authorization) => {
      const answer = await this.http.text({ ...call, origin, headers: { ...call.headers, ...authorization } }, this.http.maxMetadataBytes);
      if (isSuccess(answer.status)) return this.#noticed(answer);
      throw failureOf(answer, answer.text);
    });
  }

  /** A call whose body is streamed; once it is handed over, its reader deals with a broken stream. */
  async stream(call: Omit<SalesforceCall, 'origin'>): Promise<SalesforceAnswer> {
    return this.#withRetries(() => true, async (origin, authorization) => {
      const answer = await this.http.call({ ...call, origin, headers: { ...call.headers, ...authorization } });
      if (answer.status === 200) return this.#noticed(answer);
      throw failureOf(answer, await readSome(answer));
    });
  }

  async #withRetries<T>(mayRepeat: (error: unknown) => boolean, attempt: (origin: string, authorization: Record<string, string>) => Promise<T>): Promise<T> {
    let renewals = 0;
    this.retries.earn();
    for (let number = 0; ; ) {
      const lease = await this.#current();
      try {
        const answer = await attempt(lease.instanceUrl, { authorization: `Bearer ${lease.accessToken.reveal()}` });
        if (lease.renewal !== undefined) lease.renewal.accepted = true;
        return answer;
      } catch (error) {
        if (error instanceof SalesforceCallFailure && (error.reaction === 'renew-token' || error.reaction === 'org-moved')) {
          if (!mayRenew(lease, error, renewals)) throw refusedTo(lease, afterRenewal(error));
          renewals += 1;
          await this.#renew(lease.epoch);
          continue;
        }
        number += 1;
        if (number >= attempts || !isPassing(error) || !mayRepeat(error) || !this.retries.spend()) throw refusedTo(lease, error);
        await this.#pause(number, error);
      }
    }
  }

  #noticed<T extends SalesforceAnswer>(answer: T): T {
    this.#serverTime = serverTimeOf(answer.headers) ?? this.#serverTime;
    return answer;
  }

  async #current(): Promise<AccessLease> {
    this.#lease ??= this.source();
    try {
      return await this.#lease;
    } catch (error) {
      this.#lease = undefined;
      throw error;
    }
  }

  /** Ten parallel pages that meet an expired token cause one renewal. */
  async #renew(rejectedEpoch: number): Promise<void> {
    const present = await this.#current();
    if (present.epoch > rejectedEpoch) return;
    const running = this.#renewing.get(rejectedEpoch) ?? this.source(rejectedEpoch);
    this.#renewing.set(rejectedEpoch, running);
    try {
      const lease = await running;
      this.#lease = Promise.resolve(lease);
    } finally {
      this.#renewing.delete(rejectedEpoch);
    }
  }

  async #pause(number: number, error: unknown): Promise<void> {
    const asked = error instanceof Failure ? error.retryAfterMs : undefined;
    const jittered = Math.random() * Math.min(capMs, baseMs * 2 ** number);
    await this.pauseFor(Math.min(asked ?? leastMs(error), maxAskedMs) + jittered, this.signal);
  }
}

function leastMs(error: unknown): number {
  if (!(error instanceof SalesforceCallFailure)) return 0;
  return error.reaction === 'busy-org' ? busyOrgMs : error.reaction === 'maintenance' || error.status === 420 ? maintenanceMs : 0;
}

function mayRenew(lease: AccessLease, { reaction }: SalesforceCallFailure, renewals: number): boolean {
  if (reaction === 'org-moved') return renewals < 1;
  return renewals < (lease.renewal === undefined ? 1 : mostRenewals) && !isRefusedNew(lease);
}

/** Renewed a moment ago, also by another call, and never taken: to renew it once more would not help. */
function isRefusedNew({ renewal }: AccessLease): boolean {
  return renewal !== undefined && !renewal.accepted && performance.now() < renewal.freshUntilMs;
}

function refusedTo({ epoch }: AccessLease, error: unknown): unknown {
  if (!(error instanceof SalesforceCallFailure)) return error;
  return new SalesforceCallFailure(error.reaction, error.status, error.code, error.message, error.retryAfterMs, epoch);
}

/** A fresh token did not help, and a re-read address neither. */
function afterRenewal({ reaction, status, code, message }: SalesforceCallFailure): SalesforceCallFailure {
  if (reaction === 'org-moved') return new SalesforceCallFailure(reaction, status, code, message);
  return new SalesforceCallFailure('session-refused', status, 'SESSION_POLICY', 'Salesforce rejects a fresh session of this connection.');
}

function failureOf({ status, headers }: SalesforceAnswer, text: string): SalesforceCallFailure {
  return classifyRestAnswer(status, String(headers['content-type'] ?? ''), text, retryAfterMsOf(headers));
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function isPassing(error: unknown): boolean {
  if (error instanceof SalesforceCallFailure) return error.reaction === 'transient' || error.reaction === 'maintenance' || error.reaction === 'busy-org';
  return error instanceof Unavailable;
}

async function readSome(answer: SalesforceAnswer): Promise<string> {
  let text = '';
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8');
      if (text.length > 64 * 1024) break;
    }
  } catch {
    // What was read of an error's body is enough to classify it.
  }
  answer.body.destroy();
  return text;
}
