import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@tributary/service-kit';
import type { IDToken } from 'openid-client';
import { CONFIG, type AuthConfig } from '../config.ts';
import { ConsentFailure } from '../consent/consent-failure.ts';
import type { Finisher } from '../consent/finisher.ts';
import type { FinishedTransaction } from '../consent/login-transactions.ts';
import { AdmitPerson, type ProvenIdentity } from '../person/admit-person.ts';
import type { OidcProvider } from './oidc-providers.ts';
import { proofInstant } from './proof-instant.ts';
import { signInProof } from './sign-in-proof.ts';
import { SignInWithoutConnection } from './sign-in-without-connection.ts';

/** Clocks of a provider and ours may differ by this much. */
const skewMs = 60_000;
const longestName = 200;

/** Lets somebody in whom an OpenID provider has proven. */
@Injectable()
export class FinishOidcSignIn {
  constructor(
    private readonly em: EntityManager,
    private readonly admitPerson: AdmitPerson,
    private readonly signIn: SignInWithoutConnection,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'oidc'>,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * @returns the ticket for the gateway
   * @throws ConsentFailure `NOT_INVITED`, `SIGN_IN_NOT_FRESH`, and those of `AdmitPerson`
   */
  async execute(provider: OidcProvider, claims: IDToken, { invitation, fresh, startedAt }: FinishedTransaction, finisher: Finisher): Promise<string> {
    const authTime = claims.auth_time === undefined ? undefined : new Date(claims.auth_time * 1_000);
    if (fresh && (authTime === undefined || authTime.getTime() < startedAt.getTime() - skewMs)) throw new ConsentFailure('SIGN_IN_NOT_FRESH', 'The provider did not ask the person again.');
    return this.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`sign-in:${claims.iss}:${claims.sub}`]);
      const identity = identityOf(claims);
      const person = await this.admitPerson.execute(em, identity, { signedInId: undefined, invitation, ownWorkspace: this.config.oidc.ownWorkspaces ? identity.name : undefined });
      const before = finisher.personId === person.id ? finisher.authenticatedAt : undefined;
      return this.signIn.execute(em, person, { provider: provider.label, authenticatedAt: proofInstant({ fresh, authTime, before }, this.now()), proof: signInProof({ amr: claims['amr'], acr: claims['acr'] }), correlationId: finisher.correlationId });
    });
  }
}

function identityOf({ iss, sub, name, preferred_username: username, email }: IDToken): ProvenIdentity {
  const texts = [name, username, email].filter((text): text is string => typeof text === 'string' && text !== '');
  return { issuer: iss, subject: sub, name: (texts[0] ?? sub).slice(0, longestName), email: typeof email === 'string' ? email.slice(0, longestName) : null };
}
