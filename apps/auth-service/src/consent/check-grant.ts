import { Inject, Injectable } from '@nestjs/common';
import type { SignInProof } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { SalesforceAuthFailure, SalesforceHttp, fetchIdentity, verifyIdToken, type Identity, type TokenSet } from '@tributary/salesforce-client';
import { CONFIG, type AuthConfig } from '../config.ts';
import { signInProof } from '../sign-in/sign-in-proof.ts';
import { ConsentFailure } from './consent-failure.ts';
import type { ReceivedGrant } from './salesforce.strategy.ts';

/** Scopes that would give more than reading data needs. */
const tooWide = ['full', 'web'];

/** Whom a consent is of, and how they proved it as far as Salesforce tells. */
export interface ProvenConsent {
  readonly identity: Identity;
  readonly proof: SignInProof;
}

/** Proves what an exchange gave: scopes, id token, and who it is for. */
@Injectable()
export class CheckGrant {
  constructor(
    private readonly http: SalesforceHttp,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'clientId' | 'hostRules'>,
  ) {}

  /** @throws ConsentFailure, SalesforceAuthFailure, Unavailable */
  async execute({ tokens, transaction }: ReceivedGrant): Promise<ProvenConsent> {
    requireScopes(tokens);
    const { clientId, hostRules } = this.config;
    const { loginOrigin } = transaction;
    // A server without `openid`, or with the setting off, gives no id token; the identity URL is read in any case.
    const claims = tokens.idToken === undefined ? {} : await verifyIdToken(this.http, loginOrigin, tokens.idToken, { clientId, nonce: transaction.nonce, orgId: tokens.orgId, userId: tokens.userId, mayLackKeys: hostRules.isExtra(loginOrigin) });
    const identity = await this.#identity(loginOrigin, tokens);
    if (identity.orgId !== tokens.orgId || identity.userId !== tokens.userId) throw new SalesforceAuthFailure('identity-changed');
    return { identity, proof: signInProof({ amr: claims['amr'], acr: claims['acr'] }) };
  }

  /** The login host may hand the identity over to the org's own host. */
  async #identity(loginOrigin: string, { instanceUrl, identityUrl, accessToken }: TokenSet): Promise<Identity> {
    try {
      return await fetchIdentity(this.http, loginOrigin, identityUrl, accessToken);
    } catch (error) {
      if (!(error instanceof NotFound) || instanceUrl === loginOrigin) throw unreadable(error);
    }
    return fetchIdentity(this.http, instanceUrl, identityUrl, accessToken).catch((error: unknown) => {
      throw unreadable(error);
    });
  }
}

function requireScopes({ scopes, refreshToken }: TokenSet): void {
  if (scopes.some((scope) => tooWide.includes(scope))) throw new ConsentFailure('SCOPE_TOO_WIDE', 'The app at Salesforce grants more than reading needs: remove the scopes full and web.');
  if (refreshToken === undefined || (scopes.length > 0 && !scopes.includes('api'))) throw new ConsentFailure('SCOPE_MISSING', 'Salesforce granted less than needed: api and refresh_token.');
}

function unreadable(error: unknown): unknown {
  return error instanceof NotFound ? new ConsentFailure('IDENTITY_UNREADABLE', 'Salesforce did not say who signed in.', { cause: error }) : error;
}
