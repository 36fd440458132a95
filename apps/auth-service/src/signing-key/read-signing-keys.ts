import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { SigningCertificate, SigningKeyList } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { AuditTrail } from '../audit/audit-trail.ts';
import { People } from '../person/people.ts';
import { CONFIG, type AuthConfig } from '../config.ts';
import { SigningKeyTable } from './signing-key.entity.ts';
import { signingKeyView } from './signing-key-view.ts';

/** What the app is registered with at Salesforce. */
const appScopes = ['openid', 'api', 'refresh_token'];

/** Keys and certificates for people: nothing here can reach a private half. */
@Injectable()
export class ReadSigningKeys {
  constructor(
    private readonly em: EntityManager,
    private readonly people: People,
    private readonly audit: AuditTrail,
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'clientId' | 'redirectUri'>,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Newest first, with what an External Client App has to be given. */
  async list(personId: string): Promise<SigningKeyList> {
    await this.people.as(personId, 'read', async () => undefined);
    const keys = await this.em.fork().find(SigningKeyTable, {}, { orderBy: { createdAt: 'desc', id: 'desc' } });
    const { clientId, redirectUri: callbackUrl } = this.config;
    return { keys: keys.map((key) => signingKeyView(key, this.now())), clientId, callbackUrl, scopes: [...appScopes] };
  }

  /** The certificate to upload; with the download its key counts as offered. @throws NotFound `SIGNING_KEY_NOT_FOUND` */
  async certificate(personId: string, keyId: string): Promise<SigningCertificate> {
    const person = await this.people.as(personId, 'read', async (_em, reader) => reader);
    const em = this.em.fork();
    const key = await em.findOne(SigningKeyTable, { id: keyId });
    if (key === null) throw new NotFound('SIGNING_KEY_NOT_FOUND', 'There is no such signing key.');
    await em.transactional(async (work) => {
      const offered = await work.nativeUpdate(SigningKeyTable, { id: keyId, state: 'created' }, { state: 'offered' });
      if (offered > 0) await this.audit.addOfPeople(work, person.workspaceId, { kind: 'signing-key-offered', text: `${person.name} downloaded the certificate of a new signing key.`, cause: key.fingerprint, personId: person.id });
    });
    return { fileName: `tributary-${key.notAfter.toISOString().slice(0, 10)}-${key.fingerprint.replaceAll(':', '').slice(0, 8).toLowerCase()}.crt`, pem: key.certificate };
  }
}
