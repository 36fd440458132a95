import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { importPKCS8, type CryptoKey } from 'jose';
import { Vault, type VaultScope } from '../vault/vault.ts';

/** Private halves of signing keys: sealed at rest; in memory only as keys that cannot be exported again. */
@Injectable()
export class KeyVault {
  readonly #opened = new Map<string, CryptoKey>();

  constructor(private readonly vault: Vault) {}

  async keep(em: EntityManager, keyId: string, privateKey: Secret<string>): Promise<void> {
    await this.vault.createKey(em, scopeOf(keyId));
    await this.vault.seal(em, scopeOf(keyId), 'private_key', 1, privateKey);
  }

  /** @throws VaultUnreadable */
  async open(em: EntityManager, keyId: string): Promise<CryptoKey> {
    const known = this.#opened.get(keyId);
    if (known !== undefined) return known;
    const pem = await this.vault.open(em, scopeOf(keyId), 'private_key', 1);
    const key = await importPKCS8(pem.reveal(), 'RS256');
    this.#opened.set(keyId, key);
    return key;
  }

  /** Destroys the private half: nothing signed with it ever again, from backups neither. */
  async shred(em: EntityManager, keyId: string): Promise<void> {
    this.#opened.delete(keyId);
    await this.vault.shred(em, keyId);
  }
}

/** A key of the app belongs to no workspace and no connection. */
function scopeOf(ownerId: string): VaultScope {
  return { ownerId, workspaceId: '-', connectionId: '-' };
}
