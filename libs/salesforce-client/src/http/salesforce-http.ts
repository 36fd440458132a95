import type { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import { publicLookup } from './address-check.ts';
import { requireAllowed } from './allowlist.ts';
import { answerBody, streamLimits, type BodyLimits } from './answer-body.ts';
import { apiUsageOf, rowsOf, serverTimeOf, type ApiUsage } from './answer-headers.ts';
import type { HostRules } from './host-rules.ts';
import { unreachable } from './unreachable.ts';

export type TokenGrant = 'code' | 'refresh' | 'assertion';

export interface SalesforceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** With what a token is asked for, where it is one that is asked for; the path does not tell observers. */
  readonly grant?: TokenGrant;
  /** Milliseconds until the headers are there, and again between two pieces of the body; for `text` also until its end. */
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
  readonly grant: TokenGrant | undefined;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly ms: number;
  readonly requestId: string | undefined;
  readonly apiUsage: ApiUsage | undefined;
  /** Rows of a page of an export, as its header counts them; other answers do not tell. */
  readonly rows: number | undefined;
  /** Salesforce's clock; undefined when the answer did not tell. */
  readonly serverTime: Date | undefined;
}

/** Leave to make one call. */
export interface CallPass {
  /** Called when the body of the answer has ended; safe to call twice. */
  leave(): void;
  /** Aborts when the leave ends before the call does, which then fails with the reason. */
  readonly ended: AbortSignal;
}

/**
 * Asked before each call: waits until the call may be made. Undefined where nothing limits it.
 * @throws whatever keeps the call from being made; then nothing is dialed
 */
export type CallGate = (method: string, path: string) => Promise<CallPass | undefined>;

export interface SalesforceHttpOptions {
  readonly hostRules: HostRules;
  /** Version of the product, told to Salesforce. */
  readonly version: string;
  /** @param pass with which the gate let the call be made */
  readonly onCall?: (call: ObservedCall, pass: CallPass | undefined) => void;
  readonly gate?: CallGate;
  /** Bounds of streamed bodies; tests make them small. */
  readonly limits?: BodyLimits;
  /** Milliseconds a stream may take from its first to its last byte; two hours when not told. */
  readonly streamDeadlineMs?: number;
}

const maxSmallBytes = 1024 * 1024;
const maxMetadataBytes = 64 * 1024 * 1024;
const connectTimeoutMs = 10_000;
/** The system asks for a sign of life when nothing has come for so long, and after ten seconds without one the link is dead, however long an answer may take. */
const probedAfterMs = 4_000;
const defaultTimeoutMs = 300_000;
const longestStreamMs = 2 * 60 * 60_000;

interface Agents {
  readonly outside: Agent;
  readonly extra: Agent;
}

/** The one outbound client: only Salesforce's hosts, only reading calls, no redirects, no private addresses. */
export class SalesforceHttp {
  readonly #options: SalesforceHttpOptions;
  readonly #client: string;
  readonly #agents: Agents;

  constructor(options: SalesforceHttpOptions, agents: Agents = { outside: agent('outside'), extra: agent('extra') }) {
    this.#options = options;
    this.#client = `tributary/${options.version}`;
    this.#agents = agents;
  }

  /** The same client, over the same sockets, with an observer and a gate of its own. */
  observedBy(onCall: NonNullable<SalesforceHttpOptions['onCall']>, gate: CallGate | undefined = this.#options.gate): SalesforceHttp {
    return new SalesforceHttp({ ...this.#options, onCall, ...(gate === undefined ? {} : { gate }) }, this.#agents);
  }

  /**
   * Makes a call and gives the answer whatever its status; the body must be read or destroyed.
   * @throws Defect `CALL_NOT_ALLOWED`, InvalidInput `HOST_NOT_ALLOWED` before dialing; Unavailable `SALESFORCE_UNREACHABLE`, whose
   *   details tell whether the request may have been `sent`
   */
  async call(call: SalesforceCall): Promise<SalesforceAnswer> {
    return this.#call(call, this.#options.streamDeadlineMs ?? longestStreamMs, this.#options.limits ?? streamLimits);
  }

  /** A call whose whole body is read, at most `maxBytes`, all of it within `timeoutMs`. */
  async text(call: SalesforceCall, maxBytes = maxSmallBytes): Promise<SalesforceAnswer & { readonly text: string }> {
    const answer = await this.#call(call, call.timeoutMs ?? defaultTimeoutMs, { maxBytes, maxRatio: Infinity, ratioFromBytes: Infinity });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of answer.body as AsyncIterable<Buffer>) chunks.push(chunk);
      return { ...answer, text: Buffer.concat(chunks).toString('utf8') };
    } catch (cause) {
      throw unreachable(cause, call.origin);
    }
  }

  /** Bytes a describe may have. */
  get maxMetadataBytes(): number {
    return maxMetadataBytes;
  }

  /** Closes the sockets, those of clients made by `observedBy` too. */
  async close(): Promise<void> {
    await Promise.all([this.#agents.outside.close(), this.#agents.extra.close()]);
  }

  async #call(call: SalesforceCall, deadlineMs: number, limits: BodyLimits): Promise<SalesforceAnswer> {
    const path = call.path.split('?', 1)[0] ?? call.path;
    requireAllowed(call.method, path);
    const origin = this.#options.hostRules.instanceOrigin(call.origin);
    const pass = await this.#options.gate?.(call.method, path);
    const deadline = AbortSignal.timeout(deadlineMs);
    const startedAt = performance.now();
    try {
      const { statusCode: status, headers, body: raw } = await this.#dial(origin, call, pass === undefined ? deadline : AbortSignal.any([deadline, pass.ended]));
      const body = answerBody(raw, single(headers['content-encoding'])?.toLowerCase(), limits);
      this.#observe({ ...call, path }, status, startedAt, headers, pass);
      if (pass !== undefined) body.once('close', () => pass.leave());
      return { status, headers, body };
    } catch (cause) {
      pass?.leave();
      this.#observe({ ...call, path }, 0, startedAt, {}, pass);
      throw unreachable(cause, origin);
    }
  }

  async #dial(origin: string, { method, path, headers, body, timeoutMs = defaultTimeoutMs, freshSocket = false }: SalesforceCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const where = this.#options.hostRules.isExtra(origin) ? 'extra' : 'outside';
    // A socket that cannot be had must fail as such before the deadline, which could not tell it from a lost answer.
    const dispatcher = freshSocket ? agent(where, Math.min(connectTimeoutMs, timeoutMs / 2), 0) : this.#agents[where];
    try {
      return await request(new URL(path, origin), {
        method,
        headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': this.#client, 'sforce-call-options': `client=${this.#client}`, ...headers },
        body: body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        dispatcher,
        signal,
        ...(freshSocket ? { reset: true } : {}),
      });
    } finally {
      // Waits for the body by itself; nobody needs to wait for it.
      if (freshSocket) void dispatcher.close().catch(() => undefined);
    }
  }

  #observe({ method, path, grant }: SalesforceCall, status: number, startedAt: number, headers: SalesforceAnswer['headers'], pass: CallPass | undefined): void {
    this.#options.onCall?.({ method, path, grant, status, ms: Math.round(performance.now() - startedAt), requestId: single(headers['x-sfdc-request-id']), apiUsage: apiUsageOf(headers), rows: rowsOf(headers), serverTime: serverTimeOf(headers) }, pass);
  }
}

function agent(where: keyof Agents, timeout = connectTimeoutMs, pipelining: 0 | 1 = 1): Agent {
  return new Agent({ connect: { timeout, keepAliveInitialDelay: probedAfterMs, ...(where === 'outside' ? { lookup: publicLookup } : {}) }, connections: 12, pipelining });
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
