import { Injectable } from '@nestjs/common';
import { Defect } from '@tributary/failures';
import type { Request } from 'express';
import { SalesforceStrategy, type AttemptOptions, type ReceivedGrant } from './salesforce.strategy.ts';

export type AttemptOutcome = { readonly kind: 'redirect'; readonly url: string } | { readonly kind: 'received'; readonly grant: ReceivedGrant };

/**
 * Runs the strategy for one request, as Passport does: an object of its own per request with the verbs of an attempt.
 * Passport's middleware would answer by itself with 302; here the caller answers.
 */
@Injectable()
export class ConsentAttempt {
  constructor(private readonly strategy: SalesforceStrategy) {}

  /** @throws ConsentFailure, SalesforceAuthFailure, InvalidInput `HOST_NOT_ALLOWED`, Unavailable */
  async run(request: Request, options: AttemptOptions): Promise<AttemptOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<AttemptOutcome>();
    const attempt = this.strategy.forRequest({
      redirect: (url) => resolve({ kind: 'redirect', url }),
      success: (grant) => resolve({ kind: 'received', grant }),
      fail: () => reject(new Defect('CONSENT_UNDECIDED', 'The sign-in was refused without a cause.')),
      error: reject,
    });
    attempt.authenticate(request, options);
    return promise;
  }
}
