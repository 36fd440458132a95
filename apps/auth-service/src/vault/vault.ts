import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Defect, Secret, Unavailable } from '@tributary/failures';
import { SqlPool } from '@tributary/persistence';
import { CONFIG, type AuthConfig } from '../config.ts';
import { newKey, openBytes, sealBytes } from './envelope.ts';
import { VaultMeter } from './vault-meter.ts';
import { VaultEntryTable, VaultKeyTable } from './vault.entity.ts';

/** Whose secrets: the owner has a data key of its own; workspace and connection are bound into every ciphertext. */
export interface VaultScope {
  readonly ownerId: string;
  readonly workspaceId: string;
  readonly connectionId: string;
}

/** A data key as it is stored. */
export interface WrappedKey {
  /** Master key that wraps it. */
  readonly kekId: string;
  readonly wrapped: Uint8Array;
}

export type VaultField = 'access_token' | 'refresh_token' | 'login' | 'private_key';

/** A secret cannot be read: the master key is missing or another, or the bytes were changed. Nothing was overwritten. */
export class VaultUnreadable extends Unavailable {}

/** Seals and opens secrets. Each owner has a random data key, wrapped by the installation's master key. */
@Injectable()
export class Vault implements OnModuleInit {
  #installationId: string | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<AuthConfig, 'keyRing'>,
    private readonly pool: SqlPool,
    private readonly meter: VaultMeter,
  ) {}

  async onModuleInit(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>('select id from installation');
    this.#installationId = rows[0]?.id;
  }

  /** Gives an owner its data key. */
  async createKey(em: EntityManager, scope: VaultScope): Promise<void> {
    const { id, key } = this.config.keyRing.sealing;
    this.meter.wrapped(id);
    await em.insert(VaultKeyTable, { ownerId: scope.ownerId, kekId: id, wrapped: sealBytes(key, newKey(), this.#context(scope, 'data_key', 0, id)) });
  }

  /** Keeps a secret under an epoch; earlier epochs stay until `forget`. @throws VaultUnreadable */
  async seal(em: EntityManager, scope: VaultScope, field: VaultField, epoch: number, secret: Secret<string>): Promise<void> {
    const sealed = sealBytes(await this.#dataKey(em, scope), Buffer.from(secret.reveal(), 'utf8'), this.#context(scope, field, epoch));
    await em.insert(VaultEntryTable, { ownerId: scope.ownerId, field, epoch, sealed });
  }

  /** @throws VaultUnreadable; Unavailable `VAULT_BUSY` */
  async open(em: EntityManager, scope: VaultScope, field: VaultField, epoch: number): Promise<Secret<string>> {
    await this.meter.opening();
    const key = await this.#dataKey(em, scope);
    const entry = await em.findOne(VaultEntryTable, { ownerId: scope.ownerId, field, epoch }, { disableIdentityMap: true });
    if (entry === null) throw unreadable(new Error(`no ${field} of epoch ${epoch}`));
    return Secret.of(attempt(() => openBytes(key, entry.sealed, this.#context(scope, field, epoch)).toString('utf8')));
  }

  /** Deletes a field's secrets of epochs before `epoch`. */
  async forget(em: EntityManager, scope: VaultScope, field: VaultField, beforeEpoch: number): Promise<void> {
    await em.nativeDelete(VaultEntryTable, { ownerId: scope.ownerId, field, epoch: { $lt: beforeEpoch } });
  }

  /** Destroys the data key: what it sealed is unreadable everywhere, in backups too. */
  async shred(em: EntityManager, ownerId: string): Promise<void> {
    await em.nativeDelete(VaultEntryTable, { ownerId });
    await em.nativeDelete(VaultKeyTable, { ownerId });
  }

  /** A data key wrapped by the sealing master key instead of an older one; undefined when it cannot be opened, and then it has to stay as it is. */
  rewrapped(scope: VaultScope, { kekId, wrapped }: WrappedKey): WrappedKey | undefined {
    const wrapping = this.config.keyRing.find(kekId);
    if (wrapping === undefined) return undefined;
    const { id, key } = this.config.keyRing.sealing;
    try {
      const plain = openBytes(wrapping.key, wrapped, this.#context(scope, 'data_key', 0, kekId));
      const renewed = sealBytes(key, plain, this.#context(scope, 'data_key', 0, id));
      if (!openBytes(key, renewed, this.#context(scope, 'data_key', 0, id)).equals(plain)) return undefined;
      this.meter.wrapped(id);
      return { kekId: id, wrapped: renewed };
    } catch {
      return undefined;
    }
  }

  /** A sealer of texts for a file beside the database; it works while the database is away. @throws VaultUnreadable */
  async textSealer(em: EntityManager, scope: VaultScope, purpose: string, epoch: number): Promise<(text: Secret<string>) => Buffer> {
    const key = await this.#dataKey(em, scope);
    return (text) => sealBytes(key, Buffer.from(text.reveal(), 'utf8'), this.#context(scope, purpose, epoch));
  }

  /** Opens what a `textSealer` made. @throws VaultUnreadable */
  async openText(em: EntityManager, scope: VaultScope, purpose: string, epoch: number, sealed: Uint8Array): Promise<Secret<string>> {
    const key = await this.#dataKey(em, scope);
    return Secret.of(attempt(() => openBytes(key, sealed, this.#context(scope, purpose, epoch)).toString('utf8')));
  }

  async #dataKey(em: EntityManager, scope: VaultScope): Promise<Buffer> {
    this.meter.opened();
    const row = await em.findOne(VaultKeyTable, { ownerId: scope.ownerId }, { disableIdentityMap: true });
    if (row === null) throw unreadable(new Error('no data key'));
    const wrapping = this.config.keyRing.find(row.kekId);
    if (wrapping === undefined) throw unreadable(new Error(`master key ${row.kekId} is not configured`));
    return attempt(() => openBytes(wrapping.key, row.wrapped, this.#context(scope, 'data_key', 0, row.kekId)));
  }

  /** Binds a ciphertext to its place, so that rows, fields and epochs cannot be exchanged. */
  #context({ ownerId, workspaceId, connectionId }: VaultScope, field: string, epoch: number, kekId = '-'): string {
    if (this.#installationId === undefined) throw new Defect('VAULT_NOT_READY', 'The vault was used before the installation was known.');
    return ['v1', this.#installationId, workspaceId, connectionId, ownerId, field, epoch, kekId].join('|');
  }
}

function attempt<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): VaultUnreadable {
  return new VaultUnreadable('VAULT_UNREADABLE', 'A stored secret cannot be read with the present master key.', { cause, action: 'The operator must start Tributary with the right TRIBUTARY_MASTER_KEY.' });
}
