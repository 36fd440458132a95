import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { TokenClient, type Identity } from '@tributary/salesforce-client';
import { AdmitPerson } from '../person/admit-person.ts';
import { CheckGrant } from './check-grant.ts';
import { ConsentFailure } from './consent-failure.ts';
import { KeepGrant, type KeptGrant } from './keep-grant.ts';
import { orgLabel } from './org-label.ts';
import type { ReceivedGrant } from './salesforce.strategy.ts';

/** Who finishes a consent, as the gateway tells. */
export interface Finisher {
  readonly personId: string | undefined;
  readonly correlationId: string;
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
    private readonly tokenClient: TokenClient,
  ) {}

  /**
   * Person, workspace, connection, sealed grant, audit and events are one transaction.
   * @throws ConsentFailure, SalesforceAuthFailure, Unavailable; what was received is then revoked
   */
  async execute(received: ReceivedGrant, finisher: Finisher): Promise<KeptGrant> {
    try {
      requireSamePerson(received.transaction.personId, finisher.personId);
      const identity = await this.checkGrant.execute(received);
      const kept = await this.#keep(received, identity, finisher);
      this.keepGrant.afterCommit(kept);
      return kept;
    } catch (error) {
      this.#giveBack(received);
      throw error;
    }
  }

  async #keep(received: ReceivedGrant, identity: Identity, { personId, correlationId }: Finisher): Promise<KeptGrant> {
    return this.em.fork().transactional(async (em) => {
      // Consents of one identity follow each other: each sees the connection the one before has left.
      await em.execute("select pg_advisory_xact_lock(hashtextextended(?, 0))", [`consent:${identity.orgId}:${identity.userId}`]);
      const person = await this.admitPerson.execute(em, identity, personId, orgLabel(received.tokens.instanceUrl));
      return this.keepGrant.execute(em, { ...received, identity, person, correlationId });
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
