import { Injectable, Logger } from '@nestjs/common';
import { TokenClient } from '@tributary/salesforce-client';
import { AdmitConsent, type FinishedConsent } from './admit-consent.ts';
import { CheckGrant } from './check-grant.ts';
import type { Finisher } from './finisher.ts';
import { KeepGrant } from './keep-grant.ts';
import type { ReceivedGrant } from './salesforce.strategy.ts';

/** Turns a received grant into a connection of a person. */
@Injectable()
export class FinishConsent {
  readonly #log = new Logger('consent');

  constructor(
    private readonly checkGrant: CheckGrant,
    private readonly admitConsent: AdmitConsent,
    private readonly keepGrant: KeepGrant,
    private readonly tokenClient: TokenClient,
  ) {}

  /** @throws ConsentFailure, SalesforceAuthFailure, Unavailable; what was received is then revoked */
  async execute(received: ReceivedGrant, finisher: Finisher): Promise<FinishedConsent> {
    try {
      const proven = await this.checkGrant.execute(received);
      const finished = await this.admitConsent.execute(received, proven, finisher);
      if (finished.kept === undefined) this.#giveBack(received);
      else this.keepGrant.afterCommit(finished.kept);
      return finished;
    } catch (error) {
      this.#giveBack(received);
      throw error;
    }
  }

  /** Nobody waits for it: the person's page does not depend on it, and the grant is stored nowhere. */
  #giveBack({ tokens, transaction }: ReceivedGrant): void {
    const token = tokens.refreshToken ?? tokens.accessToken;
    this.tokenClient.revoke(transaction.loginOrigin, token).catch((error: unknown) => this.#log.warn(`a refused grant could not be revoked: ${error instanceof Error ? error.message : 'unknown'}`));
  }
}
