import { Inject, Injectable } from '@nestjs/common';
import { guardedFetch, type GuardedFetch } from '@tributary/salesforce-client';
import { AuthorizationResponseError, ClientSecretPost, None, allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, clockTolerance, customFetch, discovery, fetchUserInfo, ResponseBodyError, ClientError, type Configuration, type IDToken } from 'openid-client';
import { CONFIG, type AuthConfig } from '../config.ts';
import { ConsentFailure } from '../consent/consent-failure.ts';
import type { OidcProvider } from './oidc-providers.ts';

const clockToleranceSeconds = 60;

export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly fresh: boolean;
}

/** What a callback has to fit. */
export type ExpectedAnswer = Pick<AuthorizationRequest, 'state' | 'nonce' | 'verifier'>;

/** The standard's own part of a sign-in with a provider: discovery, request, code exchange, verified id token. */
@Injectable()
export class OidcClient {
  readonly #fetch: GuardedFetch;
  readonly #known = new Map<string, Promise<Configuration>>();

  constructor(@Inject(CONFIG) private readonly config: Pick<AuthConfig, 'hostRules'>) {
    this.#fetch = guardedFetch((origin) => config.hostRules.isExtra(origin));
  }

  /** Address at the provider the browser is sent to. @throws ConsentFailure `PROVIDER_UNREACHABLE` */
  async authorizationUrl(provider: OidcProvider, { redirectUri, state, nonce, verifier, fresh }: AuthorizationRequest): Promise<string> {
    return buildAuthorizationUrl(await this.#configuration(provider), {
      redirect_uri: redirectUri, scope: provider.scopes.join(' '), state, nonce, code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
      ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
    }).href;
  }

  /**
   * Exchanges the code of a callback.
   * @returns claims of the id token: issuer, audience, expiry, nonce and signature verified; whether `auth_time` is new enough is for the caller
   * @throws ConsentFailure `CONSENT_DENIED`, `PROVIDER_REFUSED`, `PROVIDER_UNREACHABLE`
   */
  async claims(provider: OidcProvider, callback: URL, { state, nonce, verifier }: ExpectedAnswer): Promise<IDToken> {
    const configuration = await this.#configuration(provider);
    try {
      const tokens = await authorizationCodeGrant(configuration, callback, {
        expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new ConsentFailure('PROVIDER_REFUSED', 'The provider did not say who signed in.');
      // Many providers tell name and e-mail only there; what proves the person is the id token alone.
      if (typeof claims['name'] === 'string' || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
      const { name, email, preferred_username } = await fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return { ...claims, ...defined({ name, email, preferred_username }) };
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** A provider that was away is asked again next time. */
  async #configuration(provider: OidcProvider): Promise<Configuration> {
    const known = this.#known.get(provider.name) ?? this.#discover(provider);
    this.#known.set(provider.name, known);
    return known.catch((cause: unknown) => {
      this.#known.delete(provider.name);
      throw new ConsentFailure('PROVIDER_UNREACHABLE', 'The sign-in provider does not answer as it should.', { cause });
    });
  }

  async #discover({ issuer, clientId, clientSecret }: OidcProvider): Promise<Configuration> {
    const authentication = clientSecret === undefined ? None() : ClientSecretPost(clientSecret.reveal());
    // The only issuers without https are extra origins of development, which the configuration has checked.
    // oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out; without it no server on loopback can be tried
    const execute = issuer.startsWith('https:') ? [] : [allowInsecureRequests];
    return discovery(new URL(issuer), clientId, { [clockTolerance]: clockToleranceSeconds }, authentication, { [customFetch]: (url, options) => this.#fetch(url, options), execute });
  }
}

function defined(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** By cause, and without anything the provider wrote. */
function failureOf(error: unknown): unknown {
  if (error instanceof ConsentFailure) return error;
  if (error instanceof AuthorizationResponseError && error.error === 'access_denied') return new ConsentFailure('CONSENT_DENIED', 'The sign-in was cancelled at the provider.', { cause: error });
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError || error instanceof ClientError) return new ConsentFailure('PROVIDER_REFUSED', 'The provider answered something that does not prove who signed in.', { cause: error });
  return new ConsentFailure('PROVIDER_UNREACHABLE', 'The sign-in provider does not answer.', { cause: error });
}
