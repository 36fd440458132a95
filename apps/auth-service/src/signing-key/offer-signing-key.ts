import { EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { SigningKey } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import { People } from '../person/people.ts';
import { SigningKeyTable } from './signing-key.entity.ts';
import { signingKeyView } from './signing-key-view.ts';

/** Somebody says that they take a certificate to Salesforce: from then on its key is tried as soon as the current one is refused. */
@Injectable()
export class OfferSigningKey {
  constructor(
    private readonly em: EntityManager,
    private readonly people: People,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * Moves a key that was only made; of any other one it is noted who took the certificate once more.
   * @throws Forbidden `ROLE_INSUFFICIENT`; NotFound `SIGNING_KEY_NOT_FOUND`
   */
  async execute(personId: string, keyId: string): Promise<SigningKey> {
    const { id, name, workspaceId } = await this.people.as(personId, 'change-own-connection', async (_em, person) => person);
    return this.em.fork().transactional(async (em) => {
      const key = await em.findOne(SigningKeyTable, { id: keyId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (key === null) throw new NotFound('SIGNING_KEY_NOT_FOUND', 'There is no such signing key.');
      if (key.state === 'created') key.state = 'offered';
      await this.audit.addOfPeople(em, workspaceId, { kind: 'signing-key-offered', text: `${name} took the certificate of a signing key along, for Salesforce.`, cause: key.fingerprint, personId: id });
      await em.flush();
      return signingKeyView(key, this.now());
    });
  }
}
