import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { Vault, type VaultScope } from '../vault/vault.ts';
import type { OauthGrant } from './oauth-grant.entity.ts';

type GrantRow = Pick<OauthGrant, 'id' | 'connectionId' | 'workspaceId' | 'epoch' | 'refreshEpoch'>;

/** The tokens of a grant, kept in the vault under the epoch they came with. */
@Injectable()
export class GrantTokens {
  constructor(private readonly vault: Vault) {}

  scopeOf({ id, connectionId, workspaceId }: Pick<GrantRow, 'id' | 'connectionId' | 'workspaceId'>): VaultScope {
    return { ownerId: id, workspaceId, connectionId };
  }

  /** Keeps a token set under `grant.epoch`; what it replaces is deleted in the same transaction. */
  async store(em: EntityManager, grant: GrantRow, tokens: { readonly accessToken: Secret<string>; readonly refreshToken: Secret<string> | undefined }): Promise<void> {
    const scope = this.scopeOf(grant);
    await this.vault.seal(em, scope, 'access_token', grant.epoch, tokens.accessToken);
    await this.vault.forget(em, scope, 'access_token', grant.epoch);
    if (tokens.refreshToken === undefined) return;
    await this.vault.seal(em, scope, 'refresh_token', grant.epoch, tokens.refreshToken);
    await this.vault.forget(em, scope, 'refresh_token', grant.epoch);
  }

  /** @throws VaultUnreadable */
  async accessToken(em: EntityManager, grant: GrantRow): Promise<Secret<string>> {
    return this.vault.open(em, this.scopeOf(grant), 'access_token', grant.epoch);
  }

  /** @throws VaultUnreadable */
  async refreshToken(em: EntityManager, grant: GrantRow): Promise<Secret<string>> {
    return this.vault.open(em, this.scopeOf(grant), 'refresh_token', grant.refreshEpoch);
  }
}

/** SHA-256 of a token in base64url. Tokens are long random strings, so their hash gives nothing away. */
export function tokenHash(token: Secret<string>): string {
  return createHash('sha256').update(token.reveal()).digest('base64url');
}
