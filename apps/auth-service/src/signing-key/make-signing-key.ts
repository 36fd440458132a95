import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { SigningKey, SigningKeyRequest } from '@tributary/api-contracts';
import { Conflict, Secret } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import { People } from '../person/people.ts';
import { generateKeyPair } from './generate-key-pair.ts';
import { importKeyPair } from './import-key-pair.ts';
import { SigningKeyTable } from './signing-key.entity.ts';
import { signingKeyView } from './signing-key-view.ts';
import { SigningKeys } from './signing-keys.ts';

/** Every one of them is tried before an assertion is given up. */
const mostWaiting = 3;

/** Makes a key for the app, or takes one that was brought along. */
@Injectable()
export class MakeSigningKey {
  constructor(
    private readonly em: EntityManager,
    private readonly people: People,
    private readonly keys: SigningKeys,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** @throws Unauthenticated; Forbidden `ROLE_INSUFFICIENT`; InvalidInput `SIGNING_KEY_INVALID`; Conflict `SIGNING_KEYS_WAITING`, `SIGNING_KEY_KNOWN` */
  async execute(personId: string, request: SigningKeyRequest): Promise<SigningKey> {
    const person = await this.people.as(personId, 'manage-signing-keys', async (_em, owner) => owner);
    const pair = request.origin === 'generated' ? await generateKeyPair(request.bits, this.now()) : importKeyPair(Secret.of(request.privateKey), request.certificate, this.now());
    return this.em.fork().transactional(async (em) => {
      if ((await em.count(SigningKeyTable, { state: { $in: ['created', 'offered'] } })) >= mostWaiting) throw new Conflict('SIGNING_KEYS_WAITING', 'Several certificates wait for their upload already. Upload one of them first.');
      const key = await this.keys.add(em, pair, { by: person.id, in: person.workspaceId });
      await this.audit.addOfPeople(em, person.workspaceId, { kind: 'signing-key-made', text: `${person.name} ${pair.origin === 'generated' ? 'made' : 'brought along'} a signing key (certificate ${key.fingerprint.slice(0, 11)}…).`, personId: person.id });
      return signingKeyView(key, this.now());
    });
  }
}
