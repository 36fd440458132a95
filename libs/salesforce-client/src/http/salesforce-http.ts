import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { Failure, InvalidInput, Unavailable } from '@tributary/failures';
import { Agent, request, type Dispatcher } from 'undici';
import { publicLookup } from './address-check.ts';
import { requireAllowed } from './allowlist.ts';
import type { HostRules } from './host-rules.ts';

export interface SalesforceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the headers are there, and again between two pieces of the body. */
  readonly timeoutMs?: number;
  /** A socket of its own, so that the phase reached is known when the answer is lost. */
  readonly freshSocket?: boolean;
}

export interface SalesforceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** What is remembered of a call; no query, no body, no header. */
export interface ObservedCall {
  readonly method: string;
  readonly path: string;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly ms: number;
  readonly requestId: string | undefined;
  readonly apiUsage: ApiUsage | undefined;
}

/** `Sforce-Limit-Info`: calls of the org in the last 24 hours, and how many it may make. */
export interface ApiUsage {
  readonly used: number;
  readonly limit: number;
}

export interface SalesforceHttpOptions {
  readonly hostRules: HostRules;
  /** Version of the product, told to Salesforce. */
  readonly version: string;
  readonly onCall?: (call: ObservedCall) => void;
}

const maxSmallBytes = 1024 * 1024;
const maxMetadataBytes = 64 * 1024 * 1024;

/** The one outbound client: only Salesforce's hosts, only reading calls, no redirects, no private addresses. */
export class SalesforceHttp {
  readonly #hostRules: HostRules;
  readonly #client: string;
  readonly #onCall: ((call: ObservedCall) => void) | undefined;
  readonly #outside = new Agent({ connect: { lookup: publicLookup, timeout: 10_000 }, connections: 12, pipelining: 1 });
  readonly #extra = new Agent({ connect: { timeout: 10_000 }, connections: 12, pipelining: 1 });

  constructor({ hostRules, version, onCall }: SalesforceHttpOptions) {
    this.#hostRules = hostRules;
    this.#client = `tributary/${version}`;
    this.#onCall = onCall;
  }

  /** The same client with an observer of its own. */
  observedBy(onCall: (call: ObservedCall) => void): SalesforceHttp {
    return new SalesforceHttp({ hostRules: this.#hostRules, version: this.#client.slice('tributary/'.length), onCall });
  }

  /**
   * Makes a call and gives the answer whatever its status; the body must be read or destroyed.
   * @throws Defect `CALL_NOT_ALLOWED`, InvalidInput `HOST_NOT_ALLOWED` before dialing; Unavailable `SALESFORCE_UNREACHABLE`, whose
   *   details tell whether the request may have been `sent`
   */
  async call(call: SalesforceCall): Promise<SalesforceAnswer> {
    const path = call.path.split('?', 1)[0] ?? call.path;
    requireAllowed(call.method, path);
    const origin = this.#hostRules.instanceOrigin(call.origin);
    const startedAt = performance.now();
    try {
      const answer = await this.#dial(origin, call);
      this.#observe(call.method, path, answer.statusCode, startedAt, answer.headers);
      return { status: answer.statusCode, headers: answer.headers, body: plain(answer) };
    } catch (cause) {
      this.#observe(call.method, path, 0, startedAt, {});
      throw unreachable(cause, origin);
    }
  }

  /** A call whose whole body is read, at most `maxBytes`. */
  async text(call: SalesforceCall, maxBytes = maxSmallBytes): Promise<SalesforceAnswer & { readonly text: string }> {
    const answer = await this.call(call);
    try {
      return { ...answer, text: await readText(answer.body, maxBytes) };
    } catch (cause) {
      throw cause instanceof Failure ? cause : unreachable(cause, call.origin);
    }
  }

  /** Bytes a describe may have. */
  get maxMetadataBytes(): number {
    return maxMetadataBytes;
  }

  async close(): Promise<void> {
    await Promise.all([this.#outside.close(), this.#extra.close()]);
  }

  async #dial(origin: string, { method, path, headers, body, timeoutMs = 300_000, freshSocket = false }: SalesforceCall): Promise<Dispatcher.ResponseData> {
    const extra = this.#hostRules.isExtra(origin);
    const shared = extra ? this.#extra : this.#outside;
    const dispatcher = freshSocket ? new Agent({ connect: extra ? { timeout: 10_000 } : { lookup: publicLookup, timeout: 10_000 }, pipelining: 0 }) : shared;
    return request(new URL(path, origin), {
      method,
      headers: { accept: 'application/json', 'user-agent': this.#client, 'sforce-call-options': `client=${this.#client}`, ...headers },
      body: body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      dispatcher,
      ...(freshSocket ? { reset: true } : {}),
    });
  }

  #observe(method: string, path: string, status: number, startedAt: number, headers: SalesforceAnswer['headers']): void {
    const requestId = headers['x-sfdc-request-id'];
    this.#onCall?.({ method, path, status, ms: Math.round(performance.now() - startedAt), requestId: typeof requestId === 'string' ? requestId : undefined, apiUsage: apiUsageOf(headers) });
  }
}

/** Usage as Salesforce tells it in `Sforce-Limit-Info: api-usage=18/5000`. */
export function apiUsageOf(headers: SalesforceAnswer['headers']): ApiUsage | undefined {
  const match = /api-usage=(\d+)\/(\d+)/.exec(String(headers['sforce-limit-info'] ?? ''));
  return match ? { used: Number(match[1]), limit: Number(match[2]) } : undefined;
}

/** Salesforce's own clock as the answer tells it; undefined without a `Date` header. */
export function serverTimeOf(headers: SalesforceAnswer['headers']): Date | undefined {
  const date = new Date(String(headers['date'] ?? ''));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function plain(answer: Dispatcher.ResponseData): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer.body;
  const unzip = createGunzip();
  answer.body.on('error', (error) => unzip.destroy(error));
  unzip.on('close', () => answer.body.destroy());
  return answer.body.pipe(unzip);
}

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new InvalidInput('ANSWER_TOO_LARGE', 'Salesforce answered with more than expected.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Failures before the request left: name resolution, connection, TLS. */
const beforeSending = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'EINSIDE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);

function unreachable(cause: unknown, origin: string): Failure {
  if (cause instanceof Failure) return cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'UNKNOWN';
  return new Unavailable('SALESFORCE_UNREACHABLE', `Salesforce does not answer at ${new URL(origin).host} (${code}).`, { cause, details: { sent: !beforeSending.has(code), code } });
}
