import { EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { KeyVault } from './key-vault.ts';
import { Reliers } from './reliers.ts';
import { SigningKeyTable } from './signing-key.entity.ts';

const text = 'The operator of this installation destroyed the private half of every signing key. Its certificate is to be taken off the app at Salesforce; a new key has to be made and uploaded.';

/** Ends every signing key at once: whoever trusts one of its certificates gives nobody access by it any more. */
@Injectable()
export class DestroySigningKeys {
  readonly #log = new Logger('signing-key');

  constructor(
    private readonly em: EntityManager,
    private readonly vault: KeyVault,
    private readonly reliers: Reliers,
  ) {}

  /** Tells those who rely on them before. @returns how many keys could have signed */
  async execute(): Promise<number> {
    return this.em.fork().transactional(async (em) => {
      const keys = await em.find(SigningKeyTable, { state: { $nin: ['destroyed', 'expired'] } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true });
      for (const key of keys) {
        key.state = 'destroyed';
        await this.vault.shred(em, key.id);
      }
      await em.flush();
      if (keys.length === 0) return 0;
      await this.reliers.tell(em, { kind: 'signing-key-destroyed', text });
      this.#log.warn(`${keys.length} signing keys were destroyed`);
      return keys.length;
    });
  }
}
