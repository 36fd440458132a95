import { setTimeout as sleep } from 'node:timers/promises';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { ConfirmVerdict } from './confirm-verdict.ts';
import { GrantTokens, tokenHash } from './grant-tokens.ts';
import { PresentToken } from './present-token.ts';
import { RefreshLease } from './refresh-lease.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshProgress } from './refresh-progress.ts';
import { RefreshStops } from './refresh-stops.ts';
import { SettleRefresh } from './settle-refresh.ts';
import { StoreAnswer, type Keep } from './store-answer.ts';

/** While Salesforce refuses the app itself, asking for one connection after the other only makes it worse. */
const appBreakMs = 3_000;

/** Presents a refresh token once, and leaves nothing unsaid about how that ended. */
@Injectable()
export class RefreshAttempt {
  constructor(
    private readonly em: EntityManager,
    private readonly tokens: GrantTokens,
    private readonly lease: RefreshLease,
    private readonly present: PresentToken,
    private readonly verdict: ConfirmVerdict,
    private readonly storeAnswer: StoreAnswer,
    private readonly settle: SettleRefresh,
    private readonly stops: RefreshStops,
    private readonly progress: RefreshProgress,
  ) {}

  /**
   * @param step `probe` when the outcome of the refresh before is unknown
   * @param rejected whether Salesforce has refused the present access token
   * @throws VaultUnreadable, Unavailable (`ESCROW_NOT_WRITABLE`, `DATABASE_NOT_WRITABLE`, `DISK_NOT_WRITABLE`, the cause of a stop) before anything was asked
   */
  async execute(situation: RefreshSituation, step: 'claim' | 'probe', rejected: boolean): Promise<void> {
    if (step === 'probe' && (await this.storeAnswer.fromEscrow(situation.grantId))) return;
    const { grantId, connectionId, workspaceId, epoch, refreshEpoch } = situation;
    const refreshToken = await this.tokens.refreshToken(this.em.fork(), { id: grantId, connectionId, workspaceId, epoch, refreshEpoch });
    // Everything keeping an answer needs is at hand before one is asked for; it also shows whether this is the database it was.
    const keep = await this.storeAnswer.prepare(situation);
    await this.stops.requireNone();
    this.present.requireAwake(situation.loginOrigin);
    await this.progress.reached('before-intent');
    const claim = await this.lease.claim(situation, step, tokenHash(refreshToken));
    if (claim === 'crowded') await sleep(50 + Math.random() * 200);
    if (typeof claim === 'string') return;
    try {
      await this.progress.reached('after-intent');
      await this.#ask(situation, refreshToken, keep, { probing: step === 'probe', rejected });
    } finally {
      await this.lease.leave(claim);
    }
  }

  async #ask(situation: RefreshSituation, refreshToken: Secret<string>, keep: Keep, { probing, rejected }: { readonly probing: boolean; readonly rejected: boolean }): Promise<void> {
    const presented = await this.present.execute(situation, refreshToken);
    if (presented === undefined) return;
    if (presented.kind === 'refreshed') {
      await this.progress.reached('after-response');
      return keep(presented.tokens, { rejected, recovered: probing });
    }
    const outcome = presented.kind === 'rejected' ? await this.verdict.execute(situation, presented, tokenHash(refreshToken), probing) : presented;
    await this.settle.execute(situation, outcome, probing);
    if (outcome.kind === 'application') throw await this.stops.raise('app', outcome.trouble, appBreakMs);
  }
}
