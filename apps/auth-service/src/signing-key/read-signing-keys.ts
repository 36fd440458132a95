import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { SigningCertificate, SigningKeyList } from '@tributary/api-contracts';
import { NotFound } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
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

  /** The certificate to upload. Reading it changes nothing: who takes it to Salesforce says so. @throws NotFound `SIGNING_KEY_NOT_FOUND` */
  async certificate(personId: string, keyId: string): Promise<SigningCertificate> {
    await this.people.as(personId, 'read', async () => undefined);
    const key = await this.em.fork().findOne(SigningKeyTable, { id: keyId });
    if (key === null) throw new NotFound('SIGNING_KEY_NOT_FOUND', 'There is no such signing key.');
    return { fileName: `tributary-${key.notAfter.toISOString().slice(0, 10)}-${key.fingerprint.replaceAll(':', '').slice(0, 8).toLowerCase()}.crt`, pem: key.certificate };
  }
}
