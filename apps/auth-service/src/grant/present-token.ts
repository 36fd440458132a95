import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Secret, Unavailable } from '@tributary/failures';
import { TokenClient } from '@tributary/salesforce-client';
import { ConfirmVerdict } from './confirm-verdict.ts';
import { tokenHash } from './grant-tokens.ts';
import { LoginHostBreaker } from './login-host-breaker.ts';
import { RefreshLease } from './refresh-lease.ts';
import { outcomeOfAnswer, outcomeOfFailure, troubleOf, type RefreshOutcome, type Trouble } from './refresh-outcome.ts';
import type { RefreshSituation } from './refresh-policy.ts';
import { RefreshProgress } from './refresh-progress.ts';
import { RefreshStops } from './refresh-stops.ts';

/** Waits before asking again when Salesforce is already working on a request with this token. */
const busyDelaysMs = [2_000, 4_000, 8_000] as const;
/** While Salesforce refuses the app itself, asking for one connection after the other only makes it worse. */
const appBreakMs = 3_000;

export type PresentedOutcome = Exclude<RefreshOutcome, { readonly kind: 'busy' }>;

/** Presents a refresh token to Salesforce once; again only while Salesforce says that it is at it already. */
@Injectable()
export class PresentToken {
  constructor(
    private readonly tokenClient: TokenClient,
    private readonly lease: RefreshLease,
    private readonly breaker: LoginHostBreaker,
    private readonly verdict: ConfirmVerdict,
    private readonly stops: RefreshStops,
    private readonly progress: RefreshProgress,
  ) {}

  /** @throws Unavailable `LOGIN_HOST_RESTS`, or the cause for which nobody refreshes */
  async requirePossible({ loginOrigin }: RefreshSituation): Promise<void> {
    this.breaker.requireAwake(loginOrigin);
    await this.stops.requireNone();
  }

  /** Salesforce refuses the app itself: nobody asks for a moment. @returns the failure for who asked */
  async stopForApp(trouble: Trouble): Promise<Unavailable> {
    return this.stops.raise('app', trouble, appBreakMs);
  }

  /**
   * A refusal is looked at twice before it counts.
   * @param probing whether the outcome of the refresh before is unknown
   * @returns undefined when the epoch moved while Salesforce was busy
   */
  async execute(situation: RefreshSituation, refreshToken: Secret<string>, probing: boolean): Promise<PresentedOutcome | undefined> {
    const outcome = await this.#present(situation, refreshToken);
    if (outcome?.kind === 'refreshed') await this.progress.reached('after-response');
    if (outcome?.kind === 'application' && outcome.trouble.cause === 'client-secret-wrong' && (await this.verdict.isAcceptedElsewhere(situation))) return { kind: 'admin', trouble: troubleOf('app-refused-here') };
    return outcome?.kind === 'rejected' ? this.verdict.execute(situation, outcome, tokenHash(refreshToken), probing) : outcome;
  }

  async #present(situation: RefreshSituation, refreshToken: Secret<string>): Promise<PresentedOutcome | undefined> {
    for (const delayMs of [...busyDelaysMs, undefined]) {
      const outcome = await this.#ask(situation, refreshToken);
      if (outcome.kind !== 'busy') return outcome;
      if (delayMs === undefined) break;
      await sleep(delayMs);
      if (!(await this.lease.extend(situation))) return undefined;
    }
    return { kind: 'unavailable', trouble: troubleOf('refresh-busy'), atLeastMs: 0 };
  }

  async #ask(situation: RefreshSituation, refreshToken: Secret<string>): Promise<RefreshOutcome> {
    const outcome = await this.#answer(situation, refreshToken);
    this.breaker.note(situation.loginOrigin, outcome.kind !== 'lost' && !('trouble' in outcome && outcome.trouble.cause === 'as-unavailable'));
    return outcome;
  }

  async #answer(situation: RefreshSituation, refreshToken: Secret<string>): Promise<RefreshOutcome> {
    try {
      return outcomeOfAnswer(await this.tokenClient.refresh(situation.loginOrigin, refreshToken), situation);
    } catch (error) {
      return outcomeOfFailure(error);
    }
  }
}
