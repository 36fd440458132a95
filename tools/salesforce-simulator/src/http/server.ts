import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../control/faults.ts';
import { verbOf, type RequestLog } from '../control/request-log.ts';
import { json, type Reply } from './reply.ts';
import { HttpRequest, type HostKind } from './request.ts';
import { send, textOf } from './send.ts';

export type Handler = (request: HttpRequest) => Reply | Promise<Reply>;

export interface HostServerOptions {
  readonly kind: HostKind;
  /** 0 takes a free port. */
  readonly port: number;
  readonly handler: Handler;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly now: () => Date;
  /** What the `Date` header says. */
  readonly headerDate: () => Date;
}

const controlPath = '/__simulator';
const maxBodyBytes = 8 * 1024 * 1024;

/** One virtual host on a port of its own. */
export class HostServer {
  readonly #options: HostServerOptions;
  readonly #server: Server;
  origin = '';

  constructor(options: HostServerOptions) {
    this.#options = options;
    this.#server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 30_000 }, (raw, response) => {
      this.#serve(raw, response).catch(() => response.destroy());
    });
  }

  /** @throws the system's error when the port is taken */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The simulator has no address.');
    this.origin = `http://localhost:${address.port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(raw: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const request = HttpRequest.from(raw, await readBody(raw), this.#options.kind, this.origin, gone.signal);
    const { handler, faults, headerDate } = this.#options;
    if (request.path.startsWith(controlPath)) return send(response, request, await handler(request), headerDate());
    const ended = this.#options.log.arrived(verbOf(request.method, request.path));
    response.once('finish', ended).once('close', ended);
    const fault = faults.take(request);
    if (fault === 'reset') {
      this.#note(request, 0);
      response.destroy();
      return;
    }
    if (typeof fault === 'object' && 'status' in fault) {
      this.#note(request, fault.status);
      return send(response, request, { status: fault.status, headers: { 'content-type': guessType(fault.body ?? ''), ...lowerCase(fault.headers ?? {}) }, body: fault.body ?? '' }, headerDate());
    }
    if (typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
    if (typeof fault === 'object' && 'after' in fault) await fault.after;
    if (typeof fault === 'object' && 'truncateRows' in fault) request.truncateRows = fault.truncateRows;
    const tampered = typeof fault === 'object' && 'tamper' in fault ? fault.tamper : undefined;
    if (tampered !== undefined) delete request.headers['accept-encoding'];
    const reply = await answered(handler, request);
    if (fault === 'lose-response') {
      this.#note(request, 0);
      response.destroy();
      return;
    }
    this.#note(request, reply.status);
    const body = tampered === undefined ? reply.body : tampered(await textOf(reply.body));
    await send(response, request, { ...reply, body }, headerDate(), typeof fault === 'object' && 'afterBytes' in fault ? fault.afterBytes : undefined);
  }

  #note(request: HttpRequest, status: number): void {
    const { log, now } = this.#options;
    const { method, host, path, grantType } = request;
    log.add({ at: now(), method, host, path, query: loggable(request.query), status, ...(grantType === undefined ? {} : { grantType }), verb: verbOf(method, path) });
  }
}

/** Query without what might be a token. */
function loggable(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query].map(([name, value]) => [name, /token|secret|code$/.test(name) ? '[redacted]' : value]));
}

async function answered(handler: Handler, request: HttpRequest): Promise<Reply> {
  try {
    return await handler(request);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
    return json(500, [{ message: 'An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)', errorCode: 'UNKNOWN_EXCEPTION' }]);
  }
}

async function readBody(raw: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of raw as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= maxBodyBytes) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function guessType(body: string): string {
  const start = body.trimStart()[0];
  if (start === '{' || start === '[') return 'application/json;charset=UTF-8';
  return start === '<' ? 'text/html;charset=UTF-8' : 'text/plain;charset=UTF-8';
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
