import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { tokenHash } from './grant-tokens.ts';
import { PresentToken, type PresentedOutcome } from './present-token.ts';
import { RefreshLease } from './refresh-lease.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { SettleRefresh } from './settle-refresh.ts';
import { StoreAnswer, type Keep } from './store-answer.ts';

/** Presents a refresh token once, and leaves nothing unsaid about how that ended. */
@Injectable()
export class RefreshAttempt {
  constructor(
    private readonly tokens: RefreshTokens,
    private readonly lease: RefreshLease,
    private readonly present: PresentToken,
    private readonly storeAnswer: StoreAnswer,
    private readonly settle: SettleRefresh,
  ) {}

  /**
   * @param step `probe` when the outcome of the refresh before is unknown
   * @param rejected whether Salesforce has refused the present access token
   * @throws VaultUnreadable, Unavailable (`ESCROW_NOT_WRITABLE`, `DATABASE_NOT_WRITABLE`, `DISK_NOT_WRITABLE`, the cause of a stop) before anything was asked
   */
  async execute(situation: RefreshSituation, step: 'claim' | 'probe', rejected: boolean): Promise<void> {
    if (step === 'probe' && (await this.storeAnswer.fromEscrow(situation.grantId))) return;
    const refreshToken = await this.tokens.stored({ ...situation, id: situation.grantId });
    // Everything keeping an answer needs is at hand before one is asked for; it also shows whether this is the database it was.
    const keep = await this.storeAnswer.prepare(situation);
    await this.present.requirePossible(situation);
    const claim = await this.lease.claim(situation, step, tokenHash(refreshToken));
    if (claim === 'crowded') await sleep(50 + Math.random() * 200);
    if (typeof claim === 'string') return;
    try {
      await this.#ask(situation, refreshToken, keep, { probing: step === 'probe', rejected });
    } finally {
      await this.lease.leave(claim);
    }
  }

  async #ask(situation: RefreshSituation, refreshToken: Secret<string>, keep: Keep, { probing, rejected }: { readonly probing: boolean; readonly rejected: boolean }): Promise<void> {
    const outcome = await this.#present(situation, refreshToken, probing);
    if (outcome === undefined) return;
    if (outcome.kind === 'refreshed') return keep(outcome.tokens, { rejected, recovered: probing });
    await this.settle.execute(situation, outcome, probing);
    if (outcome.kind === 'application') throw await this.present.stopForApp(outcome.trouble);
  }

  /** Once the stored token is refused for good nothing is left to lose: then, and not before, one that was set aside is asked about too. */
  async #present(situation: RefreshSituation, refreshToken: Secret<string>, probing: boolean): Promise<PresentedOutcome | undefined> {
    const outcome = await this.present.execute(situation, refreshToken, probing);
    if (outcome?.kind !== 'rejected') return outcome;
    const other = await this.tokens.setAside({ ...situation, id: situation.grantId });
    if (other === undefined || !(await this.lease.extend(situation))) return outcome;
    const answer = await this.present.execute(situation, other, probing);
    return answer?.kind === 'rejected' ? outcome : answer;
  }
}
