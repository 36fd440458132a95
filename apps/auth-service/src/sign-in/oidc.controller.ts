import { Controller, Get, Inject, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import type { Request, Response } from 'express';
import { randomPKCECodeVerifier } from 'openid-client';
import { CONFIG, type AuthConfig } from '../config.ts';
import { unbindBrowser, unbindOldest } from '../consent/browser-binding.ts';
import { confirmPage, confirmPageHeaders } from '../consent/confirm-page.ts';
import { ConsentFailureFilter } from '../consent/consent-failure.filter.ts';
import { ConsentFailure } from '../consent/consent-failure.ts';
import { finisherOf, personOf } from '../consent/finisher.ts';
import { invitationOf } from '../consent/invitation-token.ts';
import { LoginTransactions } from '../consent/login-transactions.ts';
import { returnPath } from '../consent/return-path.ts';
import { newNonce } from '../consent/salesforce.strategy.ts';
import { FinishOidcSignIn } from './finish-oidc-sign-in.ts';
import { OidcClient } from './oidc-client.ts';
import type { OidcProvider } from './oidc-providers.ts';

const signInHeader = 'x-tributary-sign-in';

/** The browser's round trip to an OpenID provider; reached through the gateway. */
@Controller('connect/oidc/:name')
@UseFilters(ConsentFailureFilter)
export class OidcController {
  constructor(
    @Inject(CONFIG) private readonly config: AuthConfig,
    private readonly transactions: LoginTransactions,
    private readonly client: OidcClient,
    private readonly finishSignIn: FinishOidcSignIn,
  ) {}

  @Get()
  async start(@Req() request: Request, @Res() response: Response, @Param('name') name: string, @Query('return') path?: unknown, @Query('invitation') invited?: unknown, @Query('fresh') again?: unknown): Promise<void> {
    const provider = this.#provider(name);
    const [back, invitation, fresh] = [returnPath(typeof path === 'string' ? path : undefined), invitationOf(invited), again === '1'];
    quiet(response);
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      const query = new URLSearchParams({ return: back, ...(invitation === undefined ? {} : { invitation }), ...(fresh ? { fresh: '1' } : {}) });
      response.status(200).set(confirmPageHeaders).send(confirmPage(new URL(provider.issuer).host, `/connect/oidc/${provider.name}?${query.toString()}`));
      return;
    }
    const [verifier, nonce] = [randomPKCECodeVerifier(), newNonce()];
    const { state, cookie } = await this.transactions.open({ provider: name, loginOrigin: new URL(provider.issuer).origin, returnPath: back, personId: personOf(request), nonce, invitation, fresh }, verifier);
    const url = await this.client.authorizationUrl(provider, { redirectUri: this.#redirectUri(provider), state, nonce, verifier, fresh });
    response.append('Set-Cookie', [...unbindOldest(this.config.publicOrigin, request.headers.cookie), cookie]);
    response.redirect(303, url);
  }

  @Get('callback')
  async finish(@Req() request: Request, @Res() response: Response, @Param('name') name: string, @Query('state') state?: unknown): Promise<void> {
    const provider = this.#provider(name);
    quiet(response);
    if (typeof state !== 'string') throw new ConsentFailure('CALLBACK_INCOMPLETE', 'The provider sent the browser back without a state.');
    response.append('Set-Cookie', unbindBrowser(this.config.publicOrigin, state));
    const transaction = await this.transactions.consume(state, request.headers.cookie, personOf(request), name);
    const callback = new URL(this.#redirectUri(provider));
    callback.search = new URL(request.originalUrl, this.config.publicOrigin).search;
    const claims = await this.client.claims(provider, callback, { state, nonce: transaction.nonce, verifier: transaction.verifier });
    response.setHeader(signInHeader, await this.finishSignIn.execute(provider, claims, transaction, finisherOf(request)));
    response.redirect(303, transaction.returnPath);
  }

  #provider(name: string): OidcProvider {
    const provider = this.config.oidc.providers.find((known) => known.name === name);
    if (provider === undefined) throw new ConsentFailure('PROVIDER_UNKNOWN', 'There is no such sign-in provider.');
    return provider;
  }

  /** Constant from the configuration, never from what a request says of itself. */
  #redirectUri({ name }: OidcProvider): string {
    return `${this.config.publicOrigin}/connect/oidc/${name}/callback`;
  }
}

function quiet(response: Response): void {
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
}
