import { Agent, fetch as undiciFetch } from 'undici';
import { publicLookup } from './address-check.ts';

const connectTimeoutMs = 10_000;
const deadlineMs = 15_000;

/** An answer as the Fetch standard has it. */
export type GuardedFetch = (url: string, init: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: unknown }) => Promise<Response>;

/**
 * Fetch for servers an operator has named: https only, no redirects, and no address inside this network, checked when it is dialed.
 * @param isExtra whether an origin is exempt (development only)
 */
export function guardedFetch(isExtra: (origin: string) => boolean): GuardedFetch {
  const outside = new Agent({ connect: { lookup: publicLookup, timeout: connectTimeoutMs } });
  const extra = new Agent({ connect: { timeout: connectTimeoutMs } });
  return async (url, { method = 'GET', headers = {}, body }) => {
    const { origin, protocol } = new URL(url);
    const exempt = isExtra(origin);
    if (protocol !== 'https:' && !exempt) throw new TypeError('only https is dialed');
    const sent = body === undefined || body === null ? {} : { body: formOf(body) };
    const answer: unknown = await undiciFetch(url, { method, headers, ...sent, redirect: 'manual', signal: AbortSignal.timeout(deadlineMs), dispatcher: exempt ? extra : outside });
    return answer as Response;
  };
}

/** Such servers are sent forms and nothing else. */
function formOf(body: unknown): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only forms are sent');
}
