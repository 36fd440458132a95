import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { SalesforceAuthFailure, TokenClient, classifyOAuthError, type TokenSet } from '@tributary/salesforce-client';
import type { Request } from 'express';
import OAuth2Strategy from 'passport-oauth2';
import { z } from 'zod';
import { CONFIG, type AuthConfig } from '../config.ts';
import { ConsentFailure } from './consent-failure.ts';
import { personOf } from './finisher.ts';
import { LoginTransactions, type ConsentStart, type FinishedTransaction } from './login-transactions.ts';

/** Scopes asked for; nothing wider, ever. */
export const requestedScopes = ['openid', 'api', 'refresh_token'] as const;

/** What an attempt is given: a start carries its origin as `state`, which passport-oauth2 hands to the store. */
export interface AttemptOptions {
  readonly state?: ConsentStart;
  readonly onCookie?: (cookie: string) => void;
}

/** What a callback ends with: tokens that still have to be checked against the started consent. */
export interface ReceivedGrant {
  readonly tokens: TokenSet;
  readonly transaction: FinishedTransaction;
}

/** How a Passport attempt ends. */
export interface AttemptVerbs {
  redirect(url: string): void;
  success(grant: ReceivedGrant): void;
  fail(): void;
  error(error: Error): void;
}

type Done<T extends unknown[]> = (error: Error | null, ...result: T) => void;

const Callback = z.object({ state: z.string().max(200), code: z.string().min(1).max(2_000).optional(), error: z.string().max(200).optional(), error_description: z.string().max(2_000).optional(), iss: z.string().max(300).optional() });

/**
 * The web server flow with PKCE S256 as a Passport strategy. passport-oauth2 builds the request and drives the callback; state and verifier
 * are kept by `LoginTransactions`, and the code goes to the host that issued it through the product's own outbound client.
 */
@Injectable()
export class SalesforceStrategy extends PassportStrategy(OAuth2Strategy, 'salesforce', true) {
  // Not `#private`: each request works on an object that inherits from this one.
  private readonly finished = new WeakMap<Request, FinishedTransaction>();
  private readonly cookies = new WeakMap<ConsentStart, (cookie: string) => void>();

  constructor(
    private readonly tokenClient: TokenClient,
    private readonly transactions: LoginTransactions,
    @Inject(CONFIG) private readonly config: AuthConfig,
  ) {
    super({
      authorizationURL: `${config.loginOrigin}/services/oauth2/authorize`,
      tokenURL: `${config.loginOrigin}/services/oauth2/token`,
      clientID: config.clientId,
      clientSecret: '',
      callbackURL: config.redirectUri,
      scope: [...requestedScopes],
      pkce: true,
      passReqToCallback: true,
      skipUserProfile: true,
      store: {
        store: (request: Request, verifier: string, start: ConsentStart, _meta: unknown, done: Done<[string]>) => void this.keep(start, verifier, done),
        verify: (request: Request, state: string, done: Done<[string]>) => void this.verifierOf(request, state, done),
      },
    } as unknown as OAuth2Strategy.StrategyOptionsWithRequest);
  }

  /** The strategy of one attempt, with the verbs by which it ends. */
  forRequest(verbs: AttemptVerbs): SalesforceStrategy {
    const attempt = Object.create(this) as SalesforceStrategy;
    return Object.assign(attempt, verbs);
  }

  override authenticate(request: Request, options: AttemptOptions): void {
    const start = options.state;
    if (start !== undefined && options.onCookie !== undefined) this.cookies.set(start, options.onCookie);
    const oauth2: unknown = Object.create(this._oauth2, {
      _authorizeUrl: { value: `${start?.loginOrigin ?? this.config.loginOrigin}/services/oauth2/authorize` },
      getOAuthAccessToken: { value: (code: string, parameters: { code_verifier: string; redirect_uri: string }, done: Done<[TokenSet?, undefined?, TokenSet?]>) => void this.exchange(request, code, parameters, done) },
    });
    this._oauth2 = oauth2 as typeof this._oauth2;
    if (start !== undefined) return super.authenticate(request, options);
    this.callback(request, options).catch((error: unknown) => this.error(error));
  }

  override authorizationParams({ state }: AttemptOptions): object {
    // Without it Salesforce may answer from a session it has, which proves nothing new.
    return { nonce: state?.nonce, ...(state?.fresh === true ? { prompt: 'login' } : {}) };
  }

  /** Called by passport-oauth2 once the code was exchanged; five parameters, so that it passes the whole token answer. */
  validate(request: Request, _accessToken: unknown, _refreshToken: unknown, tokens: TokenSet, _profile: unknown): ReceivedGrant {
    return { tokens, transaction: this.finishedOf(request) };
  }

  /** An `error` uses the started consent up as well, and is told by its cause; what Salesforce wrote is never passed on. */
  private async callback(request: Request, options: AttemptOptions): Promise<void> {
    const callback = Callback.safeParse(request.query);
    if (!callback.success) throw new ConsentFailure('CALLBACK_INCOMPLETE', 'Salesforce sent the browser back without what a sign-in needs.');
    const { state, code, error, error_description: description = '', iss } = callback.data;
    if (error === undefined && code === undefined) throw new ConsentFailure('CALLBACK_INCOMPLETE', 'Salesforce sent the browser back without a code.');
    const transaction = await this.transactions.consume(state, request.headers.cookie, personOf(request));
    if (error !== undefined) throw new SalesforceAuthFailure(classifyOAuthError(error, description, 'redirect'));
    if (iss !== undefined && URL.parse(iss)?.origin !== transaction.loginOrigin) throw new ConsentFailure('ISSUER_DIFFERENT', 'The answer came from another sign-in host than the one asked.');
    this.finished.set(request, transaction);
    super.authenticate(request, options);
  }

  private async keep(start: ConsentStart, verifier: string, done: Done<[string]>): Promise<void> {
    await this.transactions.open(start, verifier).then(({ state, cookie }) => {
      this.cookies.get(start)?.(cookie);
      done(null, state);
    }).catch((error: Error) => done(error, ''));
  }

  private verifierOf(request: Request, _state: string, done: Done<[string]>): void {
    done(null, this.finishedOf(request).verifier);
  }

  private async exchange(request: Request, code: string, parameters: { readonly code_verifier: string; readonly redirect_uri: string }, done: Done<[TokenSet?, undefined?, TokenSet?]>): Promise<void> {
    const { loginOrigin } = this.finishedOf(request);
    const tokens = await this.tokenClient.exchangeCode(loginOrigin, code, parameters.code_verifier, parameters.redirect_uri).catch((error: unknown) => error);
    // passport-oauth2 wraps what it is told here into errors of its own: a failure goes straight to the attempt.
    if (tokens instanceof Error) return this.error(tokens);
    done(null, tokens as TokenSet, undefined, tokens as TokenSet);
  }

  private finishedOf(request: Request): FinishedTransaction {
    const transaction = this.finished.get(request);
    if (transaction === undefined) throw new ConsentFailure('STATE_UNKNOWN', 'This sign-in is not known.');
    return transaction;
  }
}

/** A nonce for the id token: 256 random bits. */
export function newNonce(): string {
  return randomBytes(32).toString('base64url');
}
