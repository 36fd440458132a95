import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { Escrow, type StrayAnswer } from './escrow.ts';
import { GrantStore } from './grant-store.ts';
import { OauthGrantTable } from './oauth-grant.entity.ts';
import { RefreshTokens } from './refresh-tokens.ts';

/** A refresh token that nobody used for 30 days is worth nothing to anybody. */
const longestLifeMs = 30 * 24 * 60 * 60_000;

/** Deletes answers that were set aside as soon as nothing can be lost with them. */
@Injectable()
export class ClearStrays {
  readonly #log = new Logger('escrow');

  constructor(
    private readonly em: EntityManager,
    private readonly escrow: Escrow,
    private readonly refreshTokens: RefreshTokens,
    private readonly grants: GrantStore,
  ) {}

  async execute(): Promise<void> {
    for (const stray of await this.escrow.strays()) {
      await this.#look(stray).catch((error: unknown) => this.#log.error(`an answer set aside for grant ${stray.grantId} could not be looked at: ${error instanceof Error ? error.message : 'unknown'}`));
    }
  }

  async #look(stray: StrayAnswer): Promise<void> {
    const because = await this.#reason(stray);
    if (because === undefined) return;
    await this.escrow.remove(stray);
    this.#log.warn(`the answer set aside for grant ${stray.grantId} was deleted: ${because}`);
  }

  /** @returns why it can go; undefined while it may be needed */
  async #reason(stray: StrayAnswer): Promise<string | undefined> {
    const grant = await this.em.fork().findOne(OauthGrantTable, { id: stray.grantId });
    if (grant === null || grant.state === 'superseded' || grant.state === 'revoked') return 'the grant has ended, and its key is destroyed';
    if (grant.epoch > stray.presentEpoch) return 'Salesforce has taken the token in whose stead it was set aside';
    if (grant.state === 'live') return (await this.escrow.ageMs(stray)) > longestLifeMs ? 'it is older than 30 days' : undefined;
    const refreshToken = await this.refreshTokens.ofStray(stray, grant);
    if (refreshToken !== undefined) await this.grants.revokeToken(grant, refreshToken);
    return 'the grant is dead, and the token was given back';
  }
}
