import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Unavailable } from '@tributary/failures';
import { callsOf } from '../calls/call-origin.ts';
import { refusalOf } from '../lease/lease-situation.ts';
import { VaultUnreadable } from '../vault/vault.ts';
import { ClockSteps } from './clock-steps.ts';
import { InstanceIdentity } from './instance-identity.ts';
import { RefreshAttempt } from './refresh-attempt.ts';
import { RefreshLease } from './refresh-lease.ts';
import { nextStep, type RefreshSituation } from './refresh-policy.ts';
import { VaultTrouble } from './vault-trouble.ts';

const patienceMs = 15_000;

type RefreshReason = 'rejected' | 'too-old' | 'due';

/** Gets a connection past an epoch: one refresh, however many callers and processes ask for it. */
@Injectable()
export class RefreshGrant {
  readonly #flights = new Map<string, Promise<void>>();

  constructor(
    private readonly lease: RefreshLease,
    private readonly attempt: RefreshAttempt,
    private readonly identity: InstanceIdentity,
    private readonly vaultTrouble: VaultTrouble,
    private readonly clockSteps: ClockSteps,
  ) {}

  /**
   * Ends when the stored epoch is above `epoch`, whoever has refreshed.
   * @param reason `rejected` when Salesforce refused the present access token, `too-old` when a caller wants a younger one, else `due`
   * @throws ConsentRequired `GRANT_REVOKED`; Conflict `CONNECTION_*`; Unavailable with `retryAfterMs`; what `refusalOf` names
   */
  async execute(connectionId: string, epoch: number, reason: RefreshReason = 'rejected'): Promise<void> {
    const flying = this.#flights.get(connectionId);
    if (flying !== undefined) return flying;
    const flight = this.#fly(connectionId, epoch, reason).finally(() => this.#flights.delete(connectionId));
    this.#flights.set(connectionId, flight);
    return flight;
  }

  async #fly(connectionId: string, epoch: number, reason: RefreshReason): Promise<void> {
    const patience = performance.now() + patienceMs;
    for (;;) {
      const situation = await this.#situation(connectionId, reason);
      const step = nextStep(situation, epoch, this.identity.instance, this.clockSteps.isSettled);
      if (step.kind === 'done') return;
      if (step.kind === 'wait' || step.kind === 'later') {
        if (performance.now() + step.ms > patience) throw notYet(situation, step.ms);
        await sleep(step.ms);
      } else {
        await this.#attempt(situation, step.kind, reason === 'rejected');
        // What is only due has its own rhythm of trying again.
        if (reason === 'due') return;
      }
    }
  }

  /** A caller is refused as a lease would be; what is due is looked at in any state with a grant. */
  async #situation(connectionId: string, reason: RefreshReason): Promise<RefreshSituation> {
    const situation = await this.lease.situationOf(connectionId);
    this.clockSteps.note(situation.now);
    const { state, attentionCause, attentionText, grantId, nextCheckAt, now } = situation;
    const refusal = refusalOf({ state, attentionCause, attentionText, grantId, nextCheckInMs: nextCheckAt === null ? null : nextCheckAt.getTime() - now.getTime() });
    if (refusal !== undefined && reason !== 'due') throw refusal;
    return situation;
  }

  async #attempt(situation: RefreshSituation, step: 'claim' | 'probe', rejected: boolean): Promise<void> {
    try {
      await callsOf(situation.connectionId, () => this.attempt.execute(situation, step, rejected));
    } catch (error) {
      // Another process has refreshed meanwhile: the situation is looked at again.
      if (error instanceof VaultUnreadable && !(await this.vaultTrouble.report(situation.connectionId))) return;
      throw error;
    }
  }
}

function notYet({ state, attentionCause, attentionText }: RefreshSituation, retryAfterMs: number): Unavailable {
  const code = state === 'refresh_uncertain' ? 'REFRESH_UNCERTAIN' : 'REFRESH_NOT_YET';
  return new Unavailable(code, attentionText ?? 'Salesforce gives no new token at the moment.', { retryAfterMs, details: { state, ...(attentionCause === null ? {} : { cause: attentionCause }) } });
}
