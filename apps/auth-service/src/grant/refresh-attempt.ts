import { setTimeout as sleep } from 'node:timers/promises';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Unavailable, type Secret } from '@tributary/failures';
import { TokenClient } from '@tributary/salesforce-client';
import { GrantTokens, tokenHash } from './grant-tokens.ts';
import { outcomeOfAnswer, outcomeOfFailure, troubleOf, type RefreshOutcome, type Trouble } from './refresh-outcome.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshLease } from './refresh-lease.ts';
import { SettleRefresh } from './settle-refresh.ts';
import { StoreAnswer } from './store-answer.ts';

/** Waits before asking again when Salesforce is already working on a request with this token. */
const busyDelaysMs = [2_000, 4_000, 8_000] as const;
const appBreakMs = 3_000;

/** Presents a refresh token once, and leaves nothing unsaid about how that ended. */
@Injectable()
export class RefreshAttempt {
  #appRefused: { readonly until: number; readonly failure: Unavailable } | undefined;

  constructor(
    private readonly em: EntityManager,
    private readonly tokens: GrantTokens,
    private readonly lease: RefreshLease,
    private readonly tokenClient: TokenClient,
    private readonly storeAnswer: StoreAnswer,
    private readonly settle: SettleRefresh,
  ) {}

  /**
   * @param step `probe` when the outcome of the refresh before is unknown
   * @param rejected whether Salesforce has refused the present access token
   * @throws VaultUnreadable, Unavailable `ESCROW_NOT_WRITABLE` before anything was asked
   */
  async execute(situation: RefreshSituation, step: 'claim' | 'probe', rejected: boolean): Promise<void> {
    this.#requireApp();
    if (step === 'probe' && (await this.storeAnswer.fromEscrow(situation.grantId))) return;
    const { grantId, connectionId, workspaceId, epoch, refreshEpoch } = situation;
    const refreshToken = await this.tokens.refreshToken(this.em.fork(), { id: grantId, connectionId, workspaceId, epoch, refreshEpoch });
    // Everything keeping an answer needs is at hand before one is asked for.
    const keep = await this.storeAnswer.prepare(situation);
    if (!(await this.lease.claim(situation, step, tokenHash(refreshToken)))) return;
    const outcome = await this.#present(situation, refreshToken, step === 'probe');
    if (outcome === undefined) return;
    if (outcome.kind === 'refreshed') await keep(outcome.tokens, { rejected, recovered: step === 'probe' });
    else await this.settle.execute(situation, outcome, step === 'probe');
    if (outcome.kind === 'application') throw this.#refuseApp(outcome.trouble);
  }

  /** While Salesforce refuses the app itself, asking for one connection after the other only makes it worse. */
  #requireApp(): void {
    if (this.#appRefused !== undefined && performance.now() < this.#appRefused.until) throw this.#appRefused.failure;
  }

  #refuseApp({ cause, text }: Trouble): Unavailable {
    const failure = new Unavailable(cause.toUpperCase().replaceAll('-', '_'), text, { retryAfterMs: appBreakMs, action: 'The operator must check the app at Salesforce and its settings here.' });
    this.#appRefused = { until: performance.now() + appBreakMs, failure };
    return failure;
  }

  /** @returns undefined when the epoch moved while Salesforce was busy */
  async #present(situation: RefreshSituation, refreshToken: Secret<string>, probing: boolean): Promise<Exclude<RefreshOutcome, { kind: 'busy' }> | undefined> {
    for (const delayMs of [...busyDelaysMs, undefined]) {
      const outcome = await this.#ask(situation, refreshToken, probing);
      if (outcome.kind !== 'busy') return outcome;
      if (delayMs === undefined) break;
      await sleep(delayMs);
      if (!(await this.lease.extend(situation))) return undefined;
    }
    return { kind: 'unavailable', trouble: troubleOf('refresh-busy'), atLeastMs: 0 };
  }

  async #ask(situation: RefreshSituation, refreshToken: Secret<string>, probing: boolean): Promise<RefreshOutcome> {
    try {
      return outcomeOfAnswer(await this.tokenClient.refresh(situation.loginOrigin, refreshToken), situation);
    } catch (error) {
      return outcomeOfFailure(error, situation, probing);
    }
  }
}
