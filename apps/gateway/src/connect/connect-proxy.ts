import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { connectFailureCode, type ConnectFailureCode } from '@tributary/api-contracts';
import { toFailure, Unavailable, type Failure } from '@tributary/failures';
import { correlationHeader, correlationIdOf, problemOf } from '@tributary/service-kit';
import type { NextFunction, Request, Response } from 'express';
import { CONFIG, type GatewayConfig } from '../config.ts';
import { RateLimits } from '../security/rate-limits.ts';
import { browserName } from '../session/browser-name.ts';
import { sessionCookie, sessionIdOf } from '../session/session-cookie.ts';
import type { Session } from '../session/session.entity.ts';
import { Sessions } from '../session/sessions.ts';

/** Headers only the gateway may set towards auth-service, and only auth-service towards the gateway. */
const personHeader = 'x-tributary-person';
const authenticatedHeader = 'x-tributary-authenticated-at';
const signInHeader = 'x-tributary-sign-in';
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'proxy-authorization', 'proxy-authenticate', 'host']);

/** Hands the browser's consent round trip to auth-service, and turns a finished consent into a session. */
@Injectable()
export class ConnectProxy {
  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly sessions: Sessions,
    private readonly limits: RateLimits,
  ) {}

  middleware() {
    return (request: Request, response: Response, next: NextFunction): void => {
      if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') return next();
      this.#pass(request, response).catch((error: unknown) => this.#fail(error, request, response));
    };
  }

  async #pass(request: Request, response: Response): Promise<void> {
    const session = await this.sessions.find(sessionIdOf(request));
    const [address, isCallback] = [request.ip ?? '', request.originalUrl.split('?', 1)[0]?.endsWith('/callback') === true];
    await (isCallback ? this.limits.requireCallback(address) : this.limits.countStart(address, session));
    const answer = await this.#forward(request, session);
    response.status(answer.statusCode ?? 502);
    for (const [name, value] of endToEnd(answer.headers)) if (value !== undefined) response.setHeader(name, value);
    const ticket = answer.headers[signInHeader];
    if (typeof ticket === 'string') response.append('Set-Cookie', sessionCookie(this.config, await this.sessions.open(ticket, session, browserName(request.headers['user-agent']))));
    if (isCallback) await (typeof ticket === 'string' ? this.limits.finished(address) : this.limits.countFailedCallback(address));
    await pipeline(answer, response);
  }

  #forward(request: Request, session: Session | undefined): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const headers = Object.fromEntries(endToEnd(request.headers).filter(([name]) => !name.startsWith('x-tributary-')));
    const outgoing = httpRequest(new URL(request.originalUrl, this.config.authServiceUrl), {
      method: request.method,
      headers: { ...headers, [correlationHeader]: correlationIdOf(request), ...(session === undefined ? {} : { [personHeader]: session.personId, [authenticatedHeader]: session.authenticatedAt.toISOString() }) },
      timeout: 60_000,
    }, resolve);
    outgoing.on('timeout', () => outgoing.destroy(new Error('auth-service did not answer in time')));
    outgoing.on('error', (cause) => reject(new Unavailable('AUTH_UNAVAILABLE', 'Sign-in is not available at the moment.', { cause, action: 'Try again in a minute.', retryAfterMs: 5_000 })));
    request.pipe(outgoing);
    return promise;
  }

  #fail(error: unknown, request: Request, response: Response): void {
    if (response.headersSent) return void response.destroy();
    const failure = toFailure(error);
    const problem = problemOf(failure, correlationIdOf(request));
    if (failure.retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(failure.retryAfterMs / 1_000));
    // A program that is too fast has to see the status; people have to see a page.
    if (failure.kind === 'rate-limited' ? /\btext\/html\b/.test(request.headers.accept ?? '') : request.accepts(['html', 'json']) === 'html') {
      response.redirect(303, `/connect/failed?code=${pageCode(failure)}&ref=${problem.correlationId}`);
      return;
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** What the browser cannot be told in detail is still told by cause. */
function pageCode(failure: Failure): ConnectFailureCode {
  return connectFailureCode(failure.code) ?? (failure.kind === 'unavailable' ? 'AUTH_UNAVAILABLE' : 'INTERNAL_ERROR');
}

function endToEnd(headers: IncomingHttpHeaders): [string, string | string[] | undefined][] {
  return Object.entries(headers).filter(([name]) => !hopByHop.has(name) && name !== signInHeader);
}
