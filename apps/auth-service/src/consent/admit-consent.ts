import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Identity } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { present } from '../closure/erasing.ts';
import { ConnectionTable } from '../connection/connection.entity.ts';
import { AdmitPerson } from '../person/admit-person.ts';
import { may } from '../person/may.ts';
import { salesforceIdentity } from '../person/salesforce-identity.ts';
import { proofInstant } from '../sign-in/proof-instant.ts';
import { SignInWithoutConnection } from '../sign-in/sign-in-without-connection.ts';
import type { ProvenConsent } from './check-grant.ts';
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

/** Lets the person behind a proven consent in: person, workspace, connection, sealed grant, audit and events are one transaction. */
@Injectable()
export class AdmitConsent {
  constructor(
    private readonly em: EntityManager,
    private readonly admitPerson: AdmitPerson,
    private readonly keepGrant: KeepGrant,
    private readonly signIn: SignInWithoutConnection,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws ConsentFailure `IDENTITY_CHANGED`, `ROLE_INSUFFICIENT`, and those of `AdmitPerson` */
  async execute(received: ReceivedGrant, { identity, proof }: ProvenConsent, finisher: Finisher): Promise<FinishedConsent> {
    const { invitation, returnPath, fresh, connectionId } = received.transaction;
    return this.em.fork().transactional(async (em) => {
      await holdIdentity(em, identity);
      if (connectionId !== undefined) await requireIdentityOf(em, connectionId, identity);
      const person = await this.admitPerson.execute(em, salesforceIdentity(identity), { signedInId: finisher.personId, invitation, ownWorkspace: orgLabel(received.tokens.instanceUrl) });
      const isSame = finisher.personId === person.id;
      const authenticatedAt = proofInstant({ fresh, authTime: undefined, before: isSame ? finisher.authenticatedAt : undefined }, this.now());
      if (may(person.role, 'connect')) {
        const kept = await this.keepGrant.execute(em, { ...received, identity, person, correlationId: finisher.correlationId, authenticatedAt, proof });
        return { ticket: kept.ticket, returnPath, kept };
      }
      // Somebody signed in who adds an org is told why there is none; one who signs in by Salesforce just signs in.
      if (isSame && !fresh) throw new ConsentFailure('ROLE_INSUFFICIENT', 'Viewers read what is shared with them and connect nothing.');
      return { ticket: await this.signIn.execute(em, person, { provider: 'Salesforce', authenticatedAt, proof, correlationId: finisher.correlationId }), returnPath, kept: undefined };
    });
  }
}

/** To renew a connection with somebody else's access would copy what that one sees: they make a connection of their own. */
async function requireIdentityOf(em: EntityManager, connectionId: string, { orgId, userId }: Identity): Promise<void> {
  const renewed = await em.findOne(ConnectionTable, { id: connectionId, $and: [present] });
  if (renewed !== null && (renewed.orgId !== orgId || renewed.userId !== userId)) throw new ConsentFailure('IDENTITY_CHANGED', 'Another org or user signed in than the one of this connection.');
}

/** Consents of one identity follow each other: each sees the connection the one before has left. Connection before log, as everywhere. */
async function holdIdentity(em: EntityManager, { orgId, userId }: Identity): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`consent:${orgId}:${userId}`]);
  await em.execute("select id from connection where org_id = ? and user_id = ? and state <> 'purged' order by id for update", [orgId, userId], 'all');
}
