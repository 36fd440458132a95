import { setTimeout as sleep } from 'node:timers/promises';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, Logger } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import type { TokenSet } from '@tributary/salesforce-client';
import { Vault, VaultUnreadable } from '../vault/vault.ts';
import { CommitRefresh, type AnsweredRefresh, type Commit } from './commit-refresh.ts';
import { Escrow, type EscrowEntry } from './escrow.ts';
import { escrowText, escrowedTokens } from './escrowed-tokens.ts';
import { InstallationMark } from './installation-mark.ts';
import { OauthGrantTable } from './oauth-grant.entity.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshProgress } from './refresh-progress.ts';

const commitDelaysMs = [0, 100, 400, 1_000, 2_000, 4_000] as const;

export type Keep = (tokens: TokenSet, how: { readonly rejected: boolean; readonly recovered: boolean }) => Promise<void>;

/** Brings answers of Salesforce into the database, by way of the escrow. */
@Injectable()
export class StoreAnswer {
  readonly #log = new Logger('escrow');

  constructor(
    private readonly em: EntityManager,
    private readonly vault: Vault,
    private readonly escrow: Escrow,
    private readonly commit: CommitRefresh,
    private readonly mark: InstallationMark,
    private readonly progress: RefreshProgress,
  ) {}

  /**
   * Proves that an answer can be kept, also should the database go away meanwhile.
   * @returns what keeps it: escrow first, then the commit
   * @throws Unavailable `ESCROW_NOT_WRITABLE`, `DATABASE_NOT_WRITABLE`, `DISK_NOT_WRITABLE`; VaultUnreadable
   */
  async prepare(situation: RefreshSituation): Promise<Keep> {
    await this.escrow.preflight();
    await this.mark.advance();
    const { grantId, connectionId, workspaceId, epoch, accessHash } = situation;
    const seal = await this.vault.textSealer(this.em.fork(), { ownerId: grantId, connectionId, workspaceId }, 'escrow', epoch);
    return async (tokens, { rejected, recovered }) => {
      const entry = await this.escrow.keep(grantId, epoch, seal(escrowText(tokens)));
      await this.progress.reached('after-escrow');
      await this.#done(entry, await this.#commit({ connectionId, grantId, epoch, tokens, recovered, rejectedHash: rejected ? accessHash : undefined }));
    };
  }

  /** Commits what lies in the escrow for a grant. @returns whether anything did */
  async fromEscrow(grantId: string): Promise<boolean> {
    const entries = await this.escrow.entries(grantId);
    for (const entry of entries) await this.#replay(entry);
    return entries.length > 0;
  }

  /** Commits whatever lies in the escrow; at start, and again while something is left. */
  async replayAll(): Promise<void> {
    await this.escrow.removeLeftOvers();
    for (const entry of await this.escrow.entries()) {
      await this.#replay(entry).catch((error: unknown) => this.#log.error(`an answer kept for grant ${entry.grantId} could not be stored yet: ${error instanceof Error ? error.message : 'unknown'}`));
    }
  }

  async #replay(entry: EscrowEntry): Promise<void> {
    const em = this.em.fork();
    const grant = await em.findOne(OauthGrantTable, { id: entry.grantId });
    // A grant that ended had its key destroyed: nobody can read the answer any more.
    if (grant === null || grant.state === 'superseded' || grant.state === 'revoked') return this.escrow.remove(entry);
    const { connectionId, workspaceId, id: grantId } = grant;
    const text = await this.vault.openText(em, { ownerId: grantId, connectionId, workspaceId }, 'escrow', entry.epoch, await this.escrow.read(entry));
    const result = await this.commit.execute({ connectionId, grantId, epoch: entry.epoch, tokens: escrowedTokens(text), recovered: true, rejectedHash: undefined });
    this.#log.log(`an answer kept for connection ${connectionId} was ${result.kind} (epoch ${entry.epoch + 1})`);
    await this.#done(entry, result);
  }

  async #done(entry: EscrowEntry, commit: Commit): Promise<void> {
    if (commit.kind !== 'stray') return this.escrow.remove(entry);
    await this.escrow.setAside(entry, commit.presentEpoch);
    this.#log.error(`ALARM: an answer for grant ${entry.grantId} came after another had taken its place (epoch ${commit.presentEpoch}); it is kept in the escrow and not presented while the stored token works`);
  }

  /** The database may be away for a moment; the answer is safe on disk meanwhile. */
  async #commit(answered: AnsweredRefresh): Promise<Commit> {
    let last: unknown;
    for (const delayMs of commitDelaysMs) {
      await sleep(delayMs);
      try {
        return await this.commit.execute(answered);
      } catch (error) {
        if (error instanceof VaultUnreadable) throw error;
        last = error;
        this.mark.distrust();
      }
    }
    throw new Unavailable('TOKEN_NOT_STORED', 'The new token is safe on disk but not yet in the database.', { cause: last, retryAfterMs: 5_000 });
  }
}
