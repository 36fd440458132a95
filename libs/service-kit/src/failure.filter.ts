import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Defect, Failure, Forbidden, InvalidInput, NotFound, RateLimited, Unauthenticated, Unavailable, toFailure } from '@tributary/failures';
import type { Request, Response } from 'express';
import { throwError, type Observable } from 'rxjs';
import { correlationIdOf } from './correlation.ts';
import { isLostConnection } from './lost-connection.ts';
import { problemOf } from './problem-of.ts';

/** Every thrown value as a problem document over HTTP, and unchanged as a `Failure` over the bus. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  readonly #log = new Logger('http');

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | void {
    const failure = fromNest(thrown);
    if (host.getType() === 'rpc') return throwError(() => failure);
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const correlationId = correlationIdOf(request);
    if (failure.kind === 'defect') this.#log.error(`${request.method} ${request.path} failed (${correlationId})`, failure);
    if (response.headersSent) {
      response.end();
      return;
    }
    const problem = problemOf(failure, correlationId);
    if (failure.retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(failure.retryAfterMs / 1_000));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function fromNest(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (isLostConnection(thrown)) return new Unavailable('DATABASE_UNAVAILABLE', 'The database does not answer at the moment.', { cause: thrown, action: 'Try again in a few seconds.', retryAfterMs: 3_000 });
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  const message = thrown instanceof Error ? thrown.message : 'The request failed.';
  const options = { cause: thrown };
  if (status === 400 || status === 413 || status === 415 || status === 422) return new InvalidInput('REQUEST_INVALID', message, options);
  if (status === 401) return new Unauthenticated('NOT_SIGNED_IN', message, options);
  if (status === 403) return new Forbidden('FORBIDDEN', message, options);
  if (status === 404 || status === 405) return new NotFound('ROUTE_NOT_FOUND', message, options);
  if (status === 429) return new RateLimited('TOO_MANY_REQUESTS', message, options);
  return thrown instanceof HttpException ? new Defect('INVARIANT_BROKEN', message, options) : toFailure(thrown);
}

/** Body parsers throw plain errors with a status. */
function statusOf(thrown: unknown): number | undefined {
  return typeof thrown === 'object' && thrown !== null && 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : undefined;
}
