import { Controller, Get, Inject, Query, Req, Res, UseFilters } from '@nestjs/common';
import { PersonId } from '@tributary/event-contracts';
import { correlationIdOf } from '@tributary/service-kit';
import type { Request, Response } from 'express';
import { CONFIG, type AuthConfig } from '../config.ts';
import { unbindBrowser } from './browser-binding.ts';
import { confirmPage, confirmPageHeaders } from './confirm-page.ts';
import { ConsentAttempt } from './consent-attempt.ts';
import { ConsentFailureFilter } from './consent-failure.filter.ts';
import { FinishConsent } from './finish-consent.ts';
import { returnPath } from './return-path.ts';
import { newNonce } from './salesforce.strategy.ts';

/** Set by the gateway, which removes them from what browsers send. */
const personHeader = 'x-tributary-person';
const signInHeader = 'x-tributary-sign-in';

/** The browser's round trip to Salesforce; reached through the gateway. */
@Controller('connect/salesforce')
@UseFilters(ConsentFailureFilter)
export class ConsentController {
  constructor(
    @Inject(CONFIG) private readonly config: AuthConfig,
    private readonly attempt: ConsentAttempt,
    private readonly finishConsent: FinishConsent,
  ) {}

  @Get()
  async start(@Req() request: Request, @Res() response: Response, @Query('login') login?: unknown, @Query('return') path?: unknown): Promise<void> {
    const loginOrigin = typeof login === 'string' && login !== '' ? this.config.hostRules.loginOrigin(login) : this.config.loginOrigin;
    const back = returnPath(typeof path === 'string' ? path : undefined);
    quiet(response);
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      const href = `/connect/salesforce?${new URLSearchParams({ login: loginOrigin, return: back }).toString()}`;
      response.status(200).set(confirmPageHeaders).send(confirmPage(new URL(loginOrigin).host, href));
      return;
    }
    const outcome = await this.attempt.run(request, {
      state: { loginOrigin, returnPath: back, personId: personOf(request), nonce: newNonce() },
      onCookie: (cookie) => void response.append('Set-Cookie', cookie),
    });
    if (outcome.kind === 'redirect') response.redirect(303, outcome.url);
  }

  @Get('callback')
  async finish(@Req() request: Request, @Res() response: Response, @Query('state') state?: unknown): Promise<void> {
    quiet(response);
    if (typeof state === 'string') response.append('Set-Cookie', unbindBrowser(this.config.publicOrigin, state));
    const outcome = await this.attempt.run(request, {});
    if (outcome.kind !== 'received') return;
    const { ticket, returnPath: back } = await this.finishConsent.execute(outcome.grant, { personId: personOf(request), correlationId: correlationIdOf(request) });
    response.setHeader(signInHeader, ticket);
    response.redirect(303, back);
  }
}

/** Nothing of the round trip is kept by the browser or told to another page. */
function quiet(response: Response): void {
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
}

function personOf(request: Request): string | undefined {
  const person = PersonId.safeParse(request.headers[personHeader]);
  return person.success ? person.data : undefined;
}
