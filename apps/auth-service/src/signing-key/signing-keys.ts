import { X509Certificate } from 'node:crypto';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Conflict, Secret } from '@tributary/failures';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { SignJWT } from 'jose';
import { v7 as uuidV7 } from 'uuid';
import { signingOrder, signingStates } from './key-life.ts';
import type { KeyPair } from './key-pair.ts';
import { KeyVault } from './key-vault.ts';
import { SigningKeyTable, type SigningKeyRow } from './signing-key.entity.ts';

/** Claims of an assertion besides those that are the same for all. */
export interface AssertionClaims {
  /** Client id of the app. */
  readonly issuer: string;
  /** Username at Salesforce. */
  readonly subject: string;
  readonly audience: string;
}

/** Salesforce allows three minutes; in seconds, which is what a numeric date counts. */
const assertionLifeSeconds = 180;

/** The keys of the app: stored, signing, promoted by their first success. */
@Injectable()
export class SigningKeys {
  constructor(
    private readonly vault: KeyVault,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /**
   * Stores a pair in the caller's transaction. One that was brought along may be at Salesforce already and counts as offered.
   * @throws Conflict `SIGNING_KEY_KNOWN` for a certificate that is here already
   */
  async add(em: EntityManager, { origin, bits, privateKey, certificate }: KeyPair, made: { readonly by: string | null; readonly in: string | null }): Promise<SigningKeyRow> {
    const { fingerprint256: fingerprint, serialNumber, subject, validFromDate: notBefore, validToDate: notAfter } = new X509Certificate(certificate);
    if ((await em.count(SigningKeyTable, { fingerprint })) > 0) throw new Conflict('SIGNING_KEY_KNOWN', 'This certificate is here already.');
    const key = em.create(SigningKeyTable, {
      id: uuidV7(), state: origin === 'imported' ? 'offered' : 'created', origin, bits, fingerprint, serialNumber, subject: subject.replaceAll('\n', ', '), certificate, notBefore, notAfter,
      createdAt: this.now(), madeBy: made.by, madeIn: made.in,
    });
    await em.flush();
    await this.vault.keep(em, key.id, privateKey);
    return key;
  }

  /** Keys that may sign, in the order of trying. */
  async candidates(em: EntityManager): Promise<readonly SigningKeyRow[]> {
    return signingOrder(await em.find(SigningKeyTable, { state: { $in: [...signingStates] } }, { disableIdentityMap: true }), this.now());
  }

  /** An assertion, RS256, that may be presented for three minutes. @throws VaultUnreadable */
  async sign(em: EntityManager, keyId: string, { issuer, subject, audience }: AssertionClaims): Promise<Secret<string>> {
    const at = Math.floor(this.now().getTime() / 1_000);
    const assertion = new SignJWT().setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).setIssuer(issuer).setSubject(subject).setAudience(audience)
      .setIssuedAt(at).setExpirationTime(at + assertionLifeSeconds).setJti(uuidV7());
    return Secret.of(await assertion.sign(await this.vault.open(em, keyId)));
  }

  /**
   * Notes that Salesforce accepted a key's signature. The first success of a key makes it the current one, whether or not anybody said that they take its certificate there; what was current retires.
   * @returns whether the key was promoted
   */
  async succeeded(em: EntityManager, keyId: string): Promise<boolean> {
    const keys = await em.find(SigningKeyTable, { $or: [{ id: keyId }, { state: 'current' }] }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true });
    const key = keys.find(({ id }) => id === keyId);
    if (key === undefined) return false;
    key.lastUsedAt = this.now();
    const promoted = key.state === 'offered' || key.state === 'created';
    if (promoted) {
      const before = keys.find(({ state }) => state === 'current');
      if (before !== undefined) Object.assign(before, { state: 'retiring', retiringSince: this.now() });
      // Two current keys, even for a moment, are refused by their index.
      await em.flush();
      key.state = 'current';
    }
    await em.flush();
    return promoted;
  }
}
