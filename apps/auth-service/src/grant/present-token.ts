import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Secret } from '@tributary/failures';
import { TokenClient } from '@tributary/salesforce-client';
import { LoginHostBreaker } from './login-host-breaker.ts';
import { RefreshLease } from './refresh-lease.ts';
import { outcomeOfAnswer, outcomeOfFailure, troubleOf, type RefreshOutcome } from './refresh-outcome.ts';
import type { RefreshSituation } from './refresh-policy.ts';

/** Waits before asking again when Salesforce is already working on a request with this token. */
const busyDelaysMs = [2_000, 4_000, 8_000] as const;

export type PresentedOutcome = Exclude<RefreshOutcome, { readonly kind: 'busy' }>;

/** Presents a refresh token to Salesforce once; again only while Salesforce says that it is at it already. */
@Injectable()
export class PresentToken {
  constructor(
    private readonly tokenClient: TokenClient,
    private readonly lease: RefreshLease,
    private readonly breaker: LoginHostBreaker,
  ) {}

  /** @throws Unavailable `LOGIN_HOST_RESTS` */
  requireAwake(loginOrigin: string): void {
    this.breaker.requireAwake(loginOrigin);
  }

  /** @returns undefined when the epoch moved while Salesforce was busy */
  async execute(situation: RefreshSituation, refreshToken: Secret<string>): Promise<PresentedOutcome | undefined> {
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
