import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { toFailure } from '@tributary/failures';
import { correlationIdOf } from '@tributary/service-kit';
import type { Request, Response } from 'express';
import { concernsOperator, failureCodeOf } from './consent-failure.ts';

/** A failed consent ends at the portal's page for it: a fixed code and a reference, nothing of what came from outside. */
@Catch()
export class ConsentFailureFilter implements ExceptionFilter {
  readonly #log = new Logger('consent');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const failure = toFailure(thrown);
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const reference = correlationIdOf(request);
    const code = failureCodeOf(failure);
    this.#log[concernsOperator(failure) ? 'error' : 'log'](failure.kind === 'defect' ? failure : `a consent ended with ${code} (${reference})`);
    response.redirect(303, `/connect/failed?code=${encodeURIComponent(code)}&ref=${encodeURIComponent(reference)}`);
  }
}
