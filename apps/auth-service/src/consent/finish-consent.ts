import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { TokenClient, type Identity } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AdmitPerson } from '../person/admit-person.ts';
import { may } from '../person/may.ts';
import { salesforceIdentity } from '../person/salesforce-identity.ts';
import { proofInstant } from '../sign-in/proof-instant.ts';
import { SignInWithoutConnection } from '../sign-in/sign-in-without-connection.ts';
import { CheckGrant } from './check-grant.ts';
import { ConsentFailure } from './consent-failure.ts';
import type { Finisher } from './finisher.ts';
import { KeepGrant, type KeptGrant } from './keep-grant.ts';
import { orgLabel } from './org-label.ts';
import type { ReceivedGrant } from './salesforce.strategy.ts';

/** A consent that ended well: with a connection, or for somebody who may only read with a sign-in alone. */
export interface FinishedConsent {
  readonly ticket: string;
  readonly returnPath: string;
  readonly kept: KeptGrant | undefined;
}

/** Turns a received grant into a connection of a person. */
@Injectable()
export class FinishConsent {
  readonly #log = new Logger('consent');

  constructor(
    private readonly em: EntityManager,
    private readonly checkGrant: CheckGrant,
    private readonly admitPerson: AdmitPerson,
    private readonly keepGrant: KeepGrant,
    private readonly signIn: SignInWithoutConnection,
    private readonly tokenClient: TokenClient,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * Person, workspace, connection, sealed grant, audit and events are one transaction.
   * @throws ConsentFailure, SalesforceAuthFailure, Unavailable; what was received is then revoked
   */
  async execute(received: ReceivedGrant, finisher: Finisher): Promise<FinishedConsent> {
    try {
      requireSamePerson(received.transaction.personId, finisher.personId);
      const identity = await this.checkGrant.execute(received);
      const finished = await this.#finish(received, identity, finisher);
      if (finished.kept === undefined) this.#giveBack(received);
      else this.keepGrant.afterCommit(finished.kept);
      return finished;
    } catch (error) {
      this.#giveBack(received);
      throw error;
    }
  }

  async #finish(received: ReceivedGrant, identity: Identity, finisher: Finisher): Promise<FinishedConsent> {
    const { invitation, returnPath, fresh } = received.transaction;
    return this.em.fork().transactional(async (em) => {
      // Consents of one identity follow each other: each sees the connection the one before has left.
      await em.execute("select pg_advisory_xact_lock(hashtextextended(?, 0))", [`consent:${identity.orgId}:${identity.userId}`]);
      const person = await this.admitPerson.execute(em, salesforceIdentity(identity), { signedInId: finisher.personId, invitation, ownWorkspace: orgLabel(received.tokens.instanceUrl) });
      const isSame = finisher.personId === person.id;
      const authenticatedAt = proofInstant({ fresh, authTime: undefined, before: isSame ? finisher.authenticatedAt : undefined }, this.now());
      if (may(person.role, 'connect')) {
        const kept = await this.keepGrant.execute(em, { ...received, identity, person, correlationId: finisher.correlationId, authenticatedAt });
        return { ticket: kept.ticket, returnPath, kept };
      }
      // Somebody signed in who adds an org is told why there is none; one who signs in by Salesforce just signs in.
      if (isSame && !fresh) throw new ConsentFailure('ROLE_INSUFFICIENT', 'Viewers read what is shared with them and connect nothing.');
      return { ticket: await this.signIn.execute(em, person, { provider: 'Salesforce', authenticatedAt, correlationId: finisher.correlationId }), returnPath, kept: undefined };
    });
  }

  /** Nobody waits for it: the person's page does not depend on it, and the grant is stored nowhere. */
  #giveBack({ tokens, transaction }: ReceivedGrant): void {
    const token = tokens.refreshToken ?? tokens.accessToken;
    this.tokenClient.revoke(transaction.loginOrigin, token).catch((error: unknown) => this.#log.warn(`a refused grant could not be revoked: ${error instanceof Error ? error.message : 'unknown'}`));
  }
}

/** Somebody else signed in meanwhile: the connection must not land with them. */
function requireSamePerson(startedBy: string | undefined, finishedBy: string | undefined): void {
  if (startedBy !== undefined && finishedBy !== undefined && startedBy !== finishedBy) throw new ConsentFailure('BROWSER_DIFFERENT', 'Somebody else is signed in than at the start.');
}
