import { Controller, Get, Inject, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ConnectionId } from '@tributary/event-contracts';
import type { Request, Response } from 'express';
import { callsOfNew } from '../calls/call-origin.ts';
import { CONFIG, type AuthConfig } from '../config.ts';
import { unbindBrowser, unbindOldest } from './browser-binding.ts';
import { confirmPage, confirmPageHeaders } from './confirm-page.ts';
import { ConsentAttempt } from './consent-attempt.ts';
import { ConsentFailureFilter } from './consent-failure.filter.ts';
import type { FinishedConsent } from './admit-consent.ts';
import { FinishConsent } from './finish-consent.ts';
import { finisherOf, personOf, type Finisher } from './finisher.ts';
import { invitationOf } from './invitation-token.ts';
import { NoteFailedConsent } from './note-failed-consent.ts';
import { returnPath } from './return-path.ts';
import { newNonce } from './salesforce.strategy.ts';

/** For the gateway, which never passes it on to a browser. */
const signInHeader = 'x-tributary-sign-in';

/** The browser's round trip to Salesforce; reached through the gateway. */
@Controller('connect/salesforce')
@UseFilters(ConsentFailureFilter)
export class ConsentController {
  constructor(
    @Inject(CONFIG) private readonly config: AuthConfig,
    private readonly attempt: ConsentAttempt,
    private readonly finishConsent: FinishConsent,
    private readonly noteFailedConsent: NoteFailedConsent,
  ) {}

  @Get()
  async start(@Req() request: Request, @Res() response: Response, @Query('login') login?: unknown, @Query('return') path?: unknown, @Query('invitation') invited?: unknown, @Query('fresh') again?: unknown, @Query('connection') renewed?: unknown): Promise<void> {
    const loginOrigin = typeof login === 'string' && login !== '' ? this.config.hostRules.loginOrigin(login) : this.config.loginOrigin;
    const back = returnPath(typeof path === 'string' ? path : undefined);
    const [invitation, fresh, connectionId] = [invitationOf(invited), again === '1', ConnectionId.safeParse(renewed).data];
    quiet(response);
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      const href = `/connect/salesforce?${new URLSearchParams({ login: loginOrigin, return: back, ...(invitation === undefined ? {} : { invitation }), ...(fresh ? { fresh: '1' } : {}), ...(connectionId === undefined ? {} : { connection: connectionId }) }).toString()}`;
      response.status(200).set(confirmPageHeaders).send(confirmPage(new URL(loginOrigin).host, href));
      return;
    }
    const outcome = await this.attempt.run(request, {
      state: { loginOrigin, returnPath: back, personId: personOf(request), nonce: newNonce(), invitation, fresh, connectionId },
      onCookie: (cookie) => void response.append('Set-Cookie', [...unbindOldest(this.config.publicOrigin, request.headers.cookie), cookie]),
    });
    if (outcome.kind === 'redirect') response.redirect(303, outcome.url);
  }

  @Get('callback')
  async finish(@Req() request: Request, @Res() response: Response, @Query('state') state?: unknown): Promise<void> {
    quiet(response);
    if (typeof state === 'string') response.append('Set-Cookie', unbindBrowser(this.config.publicOrigin, state));
    const finisher = finisherOf(request);
    try {
      const finished = await callsOfNew(() => this.#finish(request, finisher));
      if (finished === undefined) return;
      response.setHeader(signInHeader, finished.ticket);
      response.redirect(303, finished.returnPath);
    } catch (error) {
      await this.noteFailedConsent.execute(error, finisher);
      throw error;
    }
  }

  async #finish(request: Request, finisher: Finisher): Promise<FinishedConsent | undefined> {
    const outcome = await this.attempt.run(request, {});
    return outcome.kind === 'received' ? this.finishConsent.execute(outcome.grant, finisher) : undefined;
  }
}

/** Nothing of the round trip is kept by the browser or told to another page. */
function quiet(response: Response): void {
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
}
