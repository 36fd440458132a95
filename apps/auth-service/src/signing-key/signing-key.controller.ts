import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { listSigningKeys, makeSigningKey, offerSigningKey, readCertificate, type SigningCertificate, type SigningKey, type SigningKeyList, type SigningKeyRequest } from '@tributary/api-contracts';
import type { PersonId } from '@tributary/event-contracts';
import { OnRequest } from '@tributary/messaging';
import { MakeSigningKey } from './make-signing-key.ts';
import { OfferSigningKey } from './offer-signing-key.ts';
import { ReadSigningKeys } from './read-signing-keys.ts';

@Controller()
export class SigningKeyController {
  constructor(
    private readonly keys: ReadSigningKeys,
    private readonly makeKey: MakeSigningKey,
    private readonly offerKey: OfferSigningKey,
  ) {}

  @OnRequest(listSigningKeys)
  async list(@Payload() { personId }: { readonly personId: PersonId }): Promise<SigningKeyList> {
    return this.keys.list(personId);
  }

  @OnRequest(makeSigningKey)
  async make(@Payload() { personId, request }: { readonly personId: PersonId; readonly request: SigningKeyRequest }): Promise<SigningKey> {
    return this.makeKey.execute(personId, request);
  }

  @OnRequest(readCertificate)
  async certificate(@Payload() { personId, keyId }: { readonly personId: PersonId; readonly keyId: string }): Promise<SigningCertificate> {
    return this.keys.certificate(personId, keyId);
  }

  @OnRequest(offerSigningKey)
  async offer(@Payload() { personId, keyId }: { readonly personId: PersonId; readonly keyId: string }): Promise<SigningKey> {
    return this.offerKey.execute(personId, keyId);
  }
}
