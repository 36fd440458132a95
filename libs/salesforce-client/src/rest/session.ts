import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Secret, Unavailable } from '@tributary/failures';
import type { SalesforceAnswer, SalesforceCall, SalesforceHttp } from '../http/salesforce-http.ts';
import { classifyRestAnswer, SalesforceCallFailure } from './rest-failure.ts';

/** An access token on loan. */
export interface AccessLease {
  readonly accessToken: Secret<string>;
  readonly instanceUrl: string;
  /** Grows with each new token of the connection. */
  readonly epoch: number;
}

/** Gives a token; told which epoch Salesforce refused, it gives a newer one or throws. */
export type LeaseSource = (rejectedEpoch?: number) => Promise<AccessLease>;

const attempts = 6;
const baseMs = 500;
const capMs = 60_000;

/** Data calls of one connection: leases, one renewal for all callers after a 401, retries of what is only passing. */
export class SalesforceSession {
  #lease: Promise<AccessLease> | undefined;
  #renewing = new Map<number, Promise<AccessLease>>();

  constructor(
    private readonly http: SalesforceHttp,
    private readonly source: LeaseSource,
    /** Aborts waiting between attempts. */
    private readonly signal: AbortSignal = new AbortController().signal,
  ) {}

  /** A call whose answer is 2xx or 304; small bodies are read as text. @throws SalesforceCallFailure, Unavailable, what the lease source throws */
  async text(call: Omit<SalesforceCall, 'origin'>): Promise<SalesforceAnswer & { readonly text: string }> {
    return this.#withRetries(async (origin, authorization) => {
      const answer = await this.http.text({ ...call, origin, headers: { ...call.headers, ...authorization } }, this.http.maxMetadataBytes);
      if (isSuccess(answer.status)) return answer;
      throw classifyRestAnswer(answer.status, String(answer.headers['content-type'] ?? ''), answer.text);
    });
  }

  /** A call whose body is streamed; once it is handed over, its reader deals with a broken stream. */
  async stream(call: Omit<SalesforceCall, 'origin'>): Promise<SalesforceAnswer> {
    return this.#withRetries(async (origin, authorization) => {
      const answer = await this.http.call({ ...call, origin, headers: { ...call.headers, ...authorization } });
      if (answer.status === 200) return answer;
      const text = await readSome(answer);
      throw classifyRestAnswer(answer.status, String(answer.headers['content-type'] ?? ''), text);
    });
  }

  async #withRetries<T>(attempt: (origin: string, authorization: Record<string, string>) => Promise<T>): Promise<T> {
    let renewed = false;
    for (let number = 0; ; ) {
      const lease = await this.#current();
      try {
        return await attempt(lease.instanceUrl, { authorization: `Bearer ${lease.accessToken.reveal()}` });
      } catch (error) {
        if (error instanceof SalesforceCallFailure && error.reaction === 'renew-token') {
          if (renewed) throw new SalesforceCallFailure('session-refused', error.status, 'SESSION_POLICY', 'Salesforce rejects a fresh session of this connection.');
          renewed = true;
          await this.#renew(lease.epoch);
          continue;
        }
        number += 1;
        if (number >= attempts || !isPassing(error)) throw error;
        await this.#pause(number, error);
      }
    }
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
    const busy = error instanceof SalesforceCallFailure && error.reaction === 'busy-org';
    const jittered = Math.random() * Math.min(capMs, baseMs * 2 ** number);
    await sleep(asked ?? (busy ? 5_000 + jittered : jittered), undefined, { signal: this.signal });
  }
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
