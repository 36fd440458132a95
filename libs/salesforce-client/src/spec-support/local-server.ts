import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { HostRules } from '../http/host-rules.ts';
import { SalesforceHttp, type SalesforceHttpOptions } from '../http/salesforce-http.ts';

/** A request the local server got. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LocalServer {
  readonly origin: string;
  readonly requests: SeenRequest[];
  readonly server: Server;
  /** Client that may talk to this server, and to no other. */
  readonly http: SalesforceHttp;
  readonly hostRules: HostRules;
}

type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A real HTTP server on a free port that lives as long as the test. */
export async function aServer(handler: Handler, options: Partial<SalesforceHttpOptions> = {}): Promise<LocalServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen: SeenRequest = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(seen);
      void handler(seen, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const hostRules = new HostRules({ extraOrigins: [origin] });
  const http = new SalesforceHttp({ hostRules, version: '0.0.0', ...options });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await http.close();
  });
  return { origin, requests, server, http, hostRules };
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What a promise was rejected with. @throws when it was fulfilled */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const fulfilled = Symbol('fulfilled');
  const result = await promise.then(() => fulfilled, (error: unknown) => error);
  if (result === fulfilled) throw new Error('the promise was fulfilled');
  return result;
}
