import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { callsOf } from '../calls/call-origin.ts';
import { VaultTrouble } from '../grant/vault-trouble.ts';
import { VaultUnreadable } from '../vault/vault.ts';
import { JwtLease, type JwtSituation } from './jwt-lease.ts';
import { PresentAssertion, type Presented } from './present-assertion.ts';
import { StoreRenewal } from './store-renewal.ts';

const patienceMs = 15_000;
const lookAgainMs = 100;
const askAgainMs = 30_000;

/** How a renewal ended: the epoch is above the one that was refused; there is no live jwt grant any more; or not before so many milliseconds. */
export type JwtRenewal = { readonly kind: 'renewed' } | { readonly kind: 'gone' } | { readonly kind: 'later'; readonly ms: number };

/** Gets a jwt grant past an epoch: one assertion, however many callers and processes ask for it. */
@Injectable()
export class RenewJwtGrant {
  readonly #flights = new Map<string, Promise<JwtRenewal>>();

  constructor(
    private readonly lease: JwtLease,
    private readonly present: PresentAssertion,
    private readonly store: StoreRenewal,
    private readonly vaultTrouble: VaultTrouble,
  ) {}

  /**
   * @param epoch epoch that is not good enough any more
   * @param rejected whether Salesforce refused it: the same token once more then means a policy
   * @throws VaultUnreadable
   */
  async execute(connectionId: string, epoch: number, rejected = true): Promise<JwtRenewal> {
    const flying = this.#flights.get(connectionId);
    if (flying !== undefined) return flying;
    const flight = this.#fly(connectionId, epoch, rejected).finally(() => this.#flights.delete(connectionId));
    this.#flights.set(connectionId, flight);
    return flight;
  }

  async #fly(connectionId: string, epoch: number, rejected: boolean): Promise<JwtRenewal> {
    const patience = performance.now() + patienceMs;
    while (performance.now() < patience) {
      const situation = await this.lease.situationOf(connectionId);
      if (situation === undefined) return { kind: 'gone' };
      if (situation.epoch > epoch) return { kind: 'renewed' };
      const { busyMs, paused } = situation;
      if (busyMs !== null && busyMs > 0 && paused) return { kind: 'later', ms: busyMs };
      if ((busyMs !== null && busyMs > 0) || !(await this.lease.claim(situation, rejected))) await sleep(lookAgainMs);
      else {
        await callsOf(connectionId, () => this.#renew(situation, rejected));
        // Asked once: what was refused is refused again at once, and a token nobody refused may come back as it is.
        return this.#ended(situation);
      }
    }
    return { kind: 'later', ms: lookAgainMs };
  }

  async #ended({ connectionId, epoch }: JwtSituation): Promise<JwtRenewal> {
    const after = await this.lease.situationOf(connectionId);
    if (after === undefined) return { kind: 'gone' };
    return after.epoch > epoch ? { kind: 'renewed' } : { kind: 'later', ms: Math.max(after.busyMs ?? 0, askAgainMs) };
  }

  async #renew(situation: JwtSituation, rejected: boolean): Promise<void> {
    let presented: Presented;
    try {
      presented = await this.present.execute(situation.username, situation);
    } catch (error) {
      await this.lease.release(situation);
      if (error instanceof VaultUnreadable) await this.vaultTrouble.report(situation.connectionId);
      throw error;
    }
    await this.store.execute(situation, presented, rejected);
  }
}
