import { Injectable } from '@nestjs/common';
import { NotFound, Unavailable } from '@tributary/failures';
import { SalesforceAuthFailure, SalesforceHttp, fetchIdentity, type Identity, type TokenSet } from '@tributary/salesforce-client';
import { jwtTrouble, type JwtTrouble } from './jwt-trouble.ts';

/** Asks the identity URL with the new token itself: a token that names the right person and does not work proves nothing. */
@Injectable()
export class ReadIdentity {
  constructor(private readonly http: SalesforceHttp) {}

  /** @returns who the token is for, or what is wrong with it */
  async execute({ instanceUrl, identityUrl, accessToken, orgId, userId }: TokenSet, host: string): Promise<Identity | JwtTrouble> {
    for (const origin of new Set([host, instanceUrl])) {
      try {
        const identity = await fetchIdentity(this.http, origin, identityUrl, accessToken);
        return identity.orgId === orgId && identity.userId === userId ? identity : jwtTrouble('identity-changed');
      } catch (error) {
        if (error instanceof NotFound) continue;
        if (error instanceof SalesforceAuthFailure) return jwtTrouble(error.reason, error.verdict === 'busy' ? 'transient' : error.verdict);
        if (error instanceof Unavailable) return jwtTrouble('as-unavailable', 'transient');
        throw error;
      }
    }
    return jwtTrouble('session-policy');
  }
}

export function isTrouble(result: Identity | JwtTrouble): result is JwtTrouble {
  return 'cause' in result;
}
