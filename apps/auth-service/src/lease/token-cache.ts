import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { GrantTokens } from '../grant/grant-tokens.ts';
import { OauthGrantTable } from '../grant/oauth-grant.entity.ts';

interface CachedToken {
  readonly grantId: string;
  readonly epoch: number;
  readonly token: Secret<string>;
}

const maxTokens = 20_000;

/** Opened access tokens in memory. An entry counts only for the grant and epoch that the database names at that moment. */
@Injectable()
export class TokenCache {
  readonly #tokens = new Map<string, CachedToken>();

  constructor(
    private readonly em: EntityManager,
    private readonly grantTokens: GrantTokens,
  ) {}

  /**
   * The access token of a grant at an epoch.
   * @returns undefined when the epoch has moved on meanwhile
   * @throws VaultUnreadable
   */
  async tokenOf(grantId: string, epoch: number): Promise<Secret<string> | undefined> {
    const cached = this.#tokens.get(grantId);
    if (cached?.epoch === epoch) return cached.token;
    const em = this.em.fork();
    const grant = await em.findOne(OauthGrantTable, { id: grantId, epoch, state: 'live' });
    if (grant === null) return undefined;
    const token = await this.grantTokens.accessToken(em, grant);
    this.#keep({ grantId, epoch, token });
    return token;
  }

  /** Forgets what ended: a disconnected grant leaves nothing in memory. */
  drop(grantId: string): void {
    this.#tokens.delete(grantId);
  }

  #keep(entry: CachedToken): void {
    if (this.#tokens.size >= maxTokens) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    this.#tokens.set(entry.grantId, entry);
  }
}
