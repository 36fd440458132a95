import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { SigningKey, SigningKeyRequest } from '@tributary/api-contracts';
import { Conflict, type Secret } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import { People } from '../person/people.ts';
import type { Person } from '../person/person.entity.ts';
import { generateKeyPair } from './generate-key-pair.ts';
import { importKeyPair } from './import-key-pair.ts';
import type { KeyPair } from './key-pair.ts';
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

  /** @throws Unauthenticated; Forbidden `ROLE_INSUFFICIENT`; Conflict `SIGNING_KEYS_WAITING` */
  async execute(personId: string, { bits }: SigningKeyRequest): Promise<SigningKey> {
    const owner = await this.#owner(personId);
    return this.#keep(owner, await generateKeyPair(bits, this.now()));
  }

  /**
   * Takes a key that exists, with its certificate, both PEM.
   * @throws as `execute`; InvalidInput `SIGNING_KEY_INVALID` saying what does not fit; Conflict `SIGNING_KEY_KNOWN`
   */
  async take(personId: string, privateKey: Secret<string>, certificate: string): Promise<SigningKey> {
    const owner = await this.#owner(personId);
    return this.#keep(owner, importKeyPair(privateKey, certificate, this.now()));
  }

  #owner(personId: string): Promise<Person> {
    return this.people.as(personId, 'manage-signing-keys', async (_em, owner) => owner);
  }

  async #keep(person: Person, pair: KeyPair): Promise<SigningKey> {
    return this.em.fork().transactional(async (em) => {
      if ((await em.count(SigningKeyTable, { state: { $in: ['created', 'offered'] } })) >= mostWaiting) throw new Conflict('SIGNING_KEYS_WAITING', 'Several certificates wait for their upload already. Upload one of them first.');
      const key = await this.keys.add(em, pair, { by: person.id, in: person.workspaceId });
      await this.audit.addOfPeople(em, person.workspaceId, { kind: 'signing-key-made', text: `${person.name} ${pair.origin === 'generated' ? 'made' : 'brought along'} a signing key (certificate ${key.fingerprint.slice(0, 11)}…).`, personId: person.id });
      return signingKeyView(key, this.now());
    });
  }
}
