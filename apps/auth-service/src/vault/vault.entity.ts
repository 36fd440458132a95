import { defineEntity, p } from '@mikro-orm/postgresql';

/** The data key of one owner (a grant, a login transaction, a pending revocation), wrapped by a master key. */
export const VaultKeyTable = defineEntity({
  name: 'VaultKey',
  tableName: 'vault_key',
  properties: {
    ownerId: p.uuid().primary(),
    kekId: p.string(),
    wrapped: p.blob(),
  },
});

/** The only table with secrets, all of them as ciphertext. */
export const VaultEntryTable = defineEntity({
  name: 'VaultEntry',
  tableName: 'vault_entry',
  properties: {
    ownerId: p.uuid().primary(),
    field: p.string().primary(),
    epoch: p.integer().primary(),
    sealed: p.blob(),
  },
});

/** One row, made at the first start; part of what every ciphertext is bound to. */
export const InstallationTable = defineEntity({
  name: 'Installation',
  tableName: 'installation',
  properties: { id: p.uuid().primary(), createdAt: p.datetime() },
});
