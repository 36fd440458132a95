import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { Vault } from '../vault/vault.ts';
import { Escrow, type StrayAnswer } from './escrow.ts';
import { escrowedTokens } from './escrowed-tokens.ts';
import { GrantTokens } from './grant-tokens.ts';
import type { OauthGrant } from './oauth-grant.entity.ts';

type GrantOf = Pick<OauthGrant, 'id' | 'connectionId' | 'workspaceId' | 'epoch' | 'refreshEpoch'>;

/** The refresh tokens of a grant: the stored one, and one of an answer that was set aside. */
@Injectable()
export class RefreshTokens {
  constructor(
    private readonly em: EntityManager,
    private readonly vault: Vault,
    private readonly tokens: GrantTokens,
    private readonly escrow: Escrow,
  ) {}

  /** @throws VaultUnreadable */
  async stored(grant: GrantOf): Promise<Secret<string>> {
    return this.tokens.refreshToken(this.em.fork(), grant);
  }

  /** That of an answer in whose place the present token set stands; undefined when there is none, or none that can be read: the verdict about the grant must not hang on it. */
  async setAside(grant: GrantOf): Promise<Secret<string> | undefined> {
    const stray = (await this.escrow.strays()).find(({ grantId, presentEpoch }) => grantId === grant.id && presentEpoch === grant.epoch);
    return stray === undefined ? undefined : this.ofStray(stray, grant).catch(() => undefined);
  }

  /** @throws VaultUnreadable */
  async ofStray(stray: StrayAnswer, grant: Pick<OauthGrant, 'id' | 'connectionId' | 'workspaceId'>): Promise<Secret<string> | undefined> {
    return escrowedTokens(await this.vault.openText(this.em.fork(), this.tokens.scopeOf(grant), 'escrow', stray.epoch, await this.escrow.read(stray))).refreshToken;
  }
}
