import { Inject, Injectable } from '@nestjs/common';
import { leaseAccessToken } from '@tributary/api-contracts';
import { Secret } from '@tributary/failures';
import { RequestClient } from '@tributary/messaging';
import type { AccessLease } from '@tributary/salesforce-client';
import { CLOCK, type Clock } from '@tributary/service-kit';
import { askerKeys, LeaseAsks, type LeaseAsk } from '@tributary/token-lease';
import { CONFIG, type IngestConfig } from '../config.ts';

/** An access token on loan; kept in memory only. */
export interface TokenLease extends AccessLease {
  /** API version the connection is pinned to, if any. */
  readonly apiVersion: string | null;
  readonly leaseUntil: Date;
  readonly issuedAt: Date;
}

/** Asks auth-service for access tokens. */
@Injectable()
export class LeaseClient {
  readonly #asks: LeaseAsks;

  constructor(requests: RequestClient, @Inject(CONFIG) { keys, authKeys }: IngestConfig, @Inject(CLOCK) now: Clock) {
    this.#asks = new LeaseAsks({ send: async (request) => (await requests.ask(leaseAccessToken, { request })).reply, keys: askerKeys(keys, authKeys), now });
  }

  /** @throws ConsentRequired, Unavailable, RateLimited as auth-service says; Defect `LEASE_REPLY_REFUSED` */
  async lease(ask: LeaseAsk): Promise<TokenLease> {
    const { accessToken, instanceUrl, epoch, apiVersion, leaseUntil, issuedAt } = await this.#asks.lease(ask);
    return { accessToken: Secret.of(accessToken), instanceUrl, epoch, apiVersion, leaseUntil: new Date(leaseUntil), issuedAt: new Date(issuedAt) };
  }
}
